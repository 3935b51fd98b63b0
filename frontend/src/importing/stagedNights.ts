// From stretches of time to nights of 30-second epochs. Of two sources of one night the one with stages counts, alone.
import {
  EPOCH_MS,
  FEWEST_EPOCHS,
  MOST_EPOCHS,
  NIGHT_GAP_MS,
  type Minutes,
  type Obstacle,
  type SleepRecord,
  type Stage,
  type StagedNight,
  type Told,
} from "./sleepRecords";

/** Below this share with a stage the server tells no figures of a night. */
const LEAST_STAGED = 0.5;

/** What one source says of one night. */
interface Telling {
  readonly source: string;
  readonly records: readonly SleepRecord[];
  readonly startMs: number;
  readonly endMs: number;
  readonly stagedMs: number;
  readonly asleepMs: number;
}

/**
 * The nights in the records, newest first. A night begins with the first record of sleep or wake of its source and ends
 * with the last: time that is only said to be spent in bed is neither sleep nor wake, and is not made into either.
 * `zone` is for records that name none.
 */
export function recordsToNights(records: readonly SleepRecord[], zone: string): readonly StagedNight[] {
  const bySource = new Map<string, SleepRecord[]>();
  for (const record of records) {
    const own = bySource.get(record.source);
    if (own) own.push(record);
    else bySource.set(record.source, [record]);
  }
  const tellings = [...bySource.values()].flatMap(tellingsOf).sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return overlapping(tellings)
    .flatMap((group) => chosen(group).map(({ telling, others }) => toNight(telling, others, zone)))
    .sort((a, b) => b.startMs - a.startMs);
}

/** One source's records, cut where a pause is longer than three hours. */
function tellingsOf(records: readonly SleepRecord[]): readonly Telling[] {
  const sorted = records.filter(({ told }) => told !== "in_bed").sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const nights: SleepRecord[][] = [];
  let endMs = -Infinity;
  for (const record of sorted) {
    if (record.startMs - endMs > NIGHT_GAP_MS) nights.push([]);
    nights.at(-1)?.push(record);
    endMs = Math.max(endMs, record.endMs);
  }
  return nights.map((night) => ({
    source: night[0]!.source,
    records: night,
    startMs: night[0]!.startMs,
    endMs: night.reduce((latest, record) => Math.max(latest, record.endMs), 0),
    stagedMs: lengthOf(night, (told) => told === "light" || told === "deep" || told === "rem"),
    asleepMs: lengthOf(night, (told) => told !== "wake"),
  }));
}

function lengthOf(records: readonly SleepRecord[], isMeant: (told: Told) => boolean): number {
  return records.reduce((sum, { told, startMs, endMs }) => sum + (isMeant(told) ? endMs - startMs : 0), 0);
}

/** Tellings, sorted by their start, in groups that hang together by overlaps. */
function overlapping(tellings: readonly Telling[]): readonly Telling[][] {
  const groups: Telling[][] = [];
  let endMs = -Infinity;
  for (const telling of tellings) {
    if (telling.startMs >= endMs) groups.push([]);
    groups.at(-1)?.push(telling);
    endMs = Math.max(endMs, telling.endMs);
  }
  return groups;
}

/** The best of what overlaps, again and again until the rest overlaps with what was taken and is left out. */
function chosen(group: readonly Telling[]): { telling: Telling; others: readonly string[] }[] {
  const ranked = [...group].sort((a, b) => b.stagedMs - a.stagedMs || b.asleepMs - a.asleepMs || a.startMs - b.startMs);
  const taken: Telling[] = [];
  const isOver = (a: Telling, b: Telling) => a.startMs < b.endMs && b.startMs < a.endMs;
  for (const telling of ranked) if (!taken.some((one) => isOver(one, telling))) taken.push(telling);
  return taken.map((telling) => ({
    telling,
    others: [...new Set(group.filter((other) => other !== telling && isOver(other, telling)).map(({ source }) => source))],
  }));
}

function toNight(
  { source, records, startMs: firstMs, endMs }: Telling,
  others: readonly string[],
  zone: string,
): StagedNight {
  const startMs = Math.floor(firstMs / 1000) * 1000; // as the server does
  const length = Math.min(Math.round((endMs - startMs) / EPOCH_MS), MOST_EPOCHS + 1);
  const told = paint(records, startMs, length);
  const minutes = minutesOf(told);
  const stages = told.map((one): Stage | null => (one === null || one === "asleep" || one === "in_bed" ? null : one));
  const obstacle = obstacleOf(length, minutes);
  return {
    kind: "stages",
    startMs,
    endMs: startMs + length * EPOCH_MS,
    zone: records.find((record) => record.zone !== null)?.zone ?? zone,
    source,
    isWrist: records.some(({ isWrist }) => isWrist),
    others,
    obstacle,
    stages: obstacle === null ? stages : [],
    minutes,
  };
}

/** Each epoch as the record that covers most of it; of two that overlap the later one, but a stage before none. */
function paint(records: readonly SleepRecord[], startMs: number, length: number): readonly (Told | null)[] {
  const told: (Told | null)[] = Array.from({ length }, () => null);
  for (const isStaged of [false, true]) {
    for (const record of records) {
      if ((record.told === "asleep") === isStaged) continue;
      const first = Math.round((record.startMs - startMs) / EPOCH_MS);
      const end = Math.round((record.endMs - startMs) / EPOCH_MS);
      told.fill(record.told, first, Math.min(end, length));
    }
  }
  return told;
}

function minutesOf(told: readonly (Told | null)[]): Minutes {
  const of = (meant: Told | null) => (told.filter((one) => one === meant).length * EPOCH_MS) / 60_000;
  return {
    wake: of("wake"),
    light: of("light"),
    deep: of("deep"),
    rem: of("rem"),
    asleep: of("asleep"),
    untold: of(null),
  };
}

/** "Asleep" alone is no light sleep: such a night is told of, not guessed at. */
function obstacleOf(length: number, minutes: Minutes): Obstacle | null {
  if (length > MOST_EPOCHS) return "too_long";
  if (length < FEWEST_EPOCHS) return "too_short";
  const staged = minutes.light + minutes.deep + minutes.rem;
  if (staged === 0) return "no_stages";
  const whole = (length * EPOCH_MS) / 60_000;
  return (staged + minutes.wake) / whole < LEAST_STAGED ? "few_stages" : null;
}
