// What the columns of a CSV file are called, and the stages in it, in the words of the three languages.
import type { Told } from "./sleepRecords";

export type Column = "start" | "end" | "stage" | "time" | "count" | "heart_rate" | "source";

const NAMES: Readonly<Record<Column, readonly string[]>> = {
  start: ["start", "startdate", "starttime", "startat", "from", "begin", "inicio", "comienzo", "desde", "de"],
  end: ["end", "enddate", "endtime", "endat", "to", "until", "fin", "final", "hasta", "fim", "ate"],
  stage: ["stage", "sleepstage", "level", "phase", "state", "value", "fase", "etapa", "estagio", "estado"],
  time: ["time", "timestamp", "datetime", "date", "at", "fecha", "hora", "fechahora", "data", "datahora"],
  count: ["count", "counts", "activity", "activitycount", "activitycounts", "movement", "actividad", "movimiento"].concat([
    "recuento",
    "atividade",
    "movimento",
    "contagem",
  ]),
  heart_rate: ["heartrate", "hr", "bpm", "pulse", "frecuenciacardiaca", "pulso", "frequenciacardiaca", "batimentos"],
  source: ["source", "sourcename", "device", "fuente", "dispositivo", "fonte"],
};

const STAGES: Readonly<Record<string, Told | null>> = {
  wake: "wake",
  awake: "wake",
  w: "wake",
  despierto: "wake",
  despierta: "wake",
  vigilia: "wake",
  acordado: "wake",
  acordada: "wake",
  light: "light",
  core: "light",
  n1: "light",
  n2: "light",
  asleepcore: "light",
  ligero: "light",
  leve: "light",
  deep: "deep",
  n3: "deep",
  sws: "deep",
  asleepdeep: "deep",
  profundo: "deep",
  rem: "rem",
  r: "rem",
  asleeprem: "rem",
  asleep: "asleep",
  sleep: "asleep",
  sleeping: "asleep",
  asleepunspecified: "asleep",
  dormido: "asleep",
  dormida: "asleep",
  dormindo: "asleep",
  inbed: "in_bed",
  encama: "in_bed",
  nacama: "in_bed",
  unknown: null,
  none: null,
  null: null,
  "": null,
};

/** Which column is where; the first of a name counts. */
export function columnsOf(header: readonly string[]): ReadonlyMap<Column, number> {
  const found = new Map<Column, number>();
  for (const [index, cell] of header.entries()) {
    const name = bare(cell);
    const column = (Object.keys(NAMES) as Column[]).find((one) => NAMES[one].includes(name));
    if (column !== undefined && !found.has(column)) found.set(column, index);
  }
  return found;
}

/** The stage of a word; null for one that says that none is known, undefined for a word nobody knows. */
export function stageOf(text: string): Told | null | undefined {
  const word = bare(text.replace(/^HKCategoryValueSleepAnalysis/, ""));
  return Object.hasOwn(STAGES, word) ? STAGES[word] : undefined;
}

/** A number with a point or a comma for the decimals; null for an empty cell, undefined for anything else. */
export function numberOf(text: string): number | null | undefined {
  if (text === "" || /^(nan|null|na|n\/a|-)$/i.test(text)) return null;
  return /^[+-]?\d{1,9}(?:[.,]\d{1,9})?$/.test(text) ? Number(text.replace(",", ".")) : undefined;
}

/** "Heart rate (bpm)", "heart_rate" and "HeartRate" are one. */
function bare(text: string): string {
  return text
    .replace(/[([].*$/, "")
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
}
