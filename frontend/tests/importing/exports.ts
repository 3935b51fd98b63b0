// Apple Health exports as a phone writes them, for tests: the document type, the watch's records, the phone's.
import { zipOf } from "./zips";

export type Stretch = readonly [stage: string, minutes: number];

const HOUR = 3_600_000;

/** A night as an Apple Watch tells it: cycles of core, deep, core and REM, with a short waking. */
export const CYCLES: readonly Stretch[] = Array.from({ length: 5 }, (): readonly Stretch[] => [
  ["AsleepCore", 30],
  ["AsleepDeep", 20],
  ["AsleepCore", 20],
  ["AsleepREM", 18],
  ["Awake", 2],
]).flat();

export interface Written {
  readonly source?: string;
  readonly device?: string;
  readonly zone?: string | null;
  readonly offsetHours?: number;
}

const WATCH =
  "&lt;&lt;HKDevice: 0x3013e9b30&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2&gt;";

/** `2024-03-01 23:12:00 +0100`. */
export function appleTime(atMs: number, offsetHours = 1): string {
  const wall = new Date(atMs + offsetHours * HOUR).toISOString();
  const size = String(Math.abs(offsetHours)).padStart(2, "0");
  return `${wall.slice(0, 10)} ${wall.slice(11, 19)} ${offsetHours < 0 ? "-" : "+"}${size}00`;
}

export function sleepRecord(stage: string, startMs: number, endMs: number, written: Written = {}): string {
  const { source = "Ana’s Apple Watch", device = WATCH, zone = "Europe/Madrid", offsetHours = 1 } = written;
  const attributes = [
    `type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="${source}" sourceVersion="10.3.1"`,
    ...(device ? [`device="${device}"`] : []),
    `creationDate="${appleTime(endMs, offsetHours)}" startDate="${appleTime(startMs, offsetHours)}"`,
    `endDate="${appleTime(endMs, offsetHours)}" value="HKCategoryValueSleepAnalysis${stage}"`,
  ].join(" ");
  return zone === null
    ? ` <Record ${attributes}/>\n`
    : ` <Record ${attributes}>\n  <MetadataEntry key="HKTimeZone" value="${zone}"/>\n </Record>\n`;
}

export function night(startMs: number, stretches: readonly Stretch[] = CYCLES, written: Written = {}): string {
  let at = startMs;
  return stretches.map(([stage, minutes]) => sleepRecord(stage, at, (at += minutes * 60_000), written)).join("");
}

export function phoneNight(startMs: number, endMs: number): string {
  const phone = { source: "Ana’s iPhone", device: "", zone: null };
  return sleepRecord("InBed", startMs, endMs, phone) + sleepRecord("AsleepUnspecified", startMs, endMs, phone);
}

export function heartRate(atMs: number, beats: number): string {
  const at = appleTime(atMs);
  return ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Ana’s Apple Watch" sourceVersion="10.3.1" device="${WATCH}" unit="count/min" creationDate="${at}" startDate="${at}" endDate="${at}" value="${String(beats)}">\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n </Record>\n`;
}

export const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!-- Note: Any Records that appear as children of a correlation also appear as top-level records in this document. -->
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  startDate     CDATA #REQUIRED
  value         CDATA #IMPLIED
>
]>
<HealthData locale="es_ES">
 <ExportDate value="2026-11-20 09:00:00 +0100"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1990-01-01" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet"/>
`;
export const TAIL = "</HealthData>\n";

export function exportOf(...parts: readonly string[]): string {
  return HEAD + parts.join("") + TAIL;
}

/** What a phone exported by `nowMs`: some nights of a watch, two of the phone alone or beside it, and a record that is wrong. */
export function someNights(nowMs: number): Uint8Array<ArrayBuffer> {
  const evening = (days: number) => Math.floor(nowMs / (24 * HOUR)) * 24 * HOUR - days * 24 * HOUR - 2 * HOUR;
  const xml = exportOf(
    phoneNight(evening(3) - HOUR, evening(3) + 9 * HOUR),
    phoneNight(evening(1), evening(1) + 8 * HOUR),
    sleepRecord("Dreaming", evening(2), evening(2) + HOUR),
    ...[2, 3, 4, 6, 7, 8, 9, 120].map((days) => night(evening(days))),
    night(evening(5), [
      ["AsleepCore", 200],
      ["AsleepUnspecified", 30],
      ["AsleepDeep", 50],
    ]),
  );
  return zipOf([{ name: "apple_health_export/export.xml", data: new TextEncoder().encode(xml) }]);
}
