// From rows of movement, one for every 30 seconds, to nights.
import type { ProblemList } from "./problemList";
import {
  EPOCH_MS,
  FEWEST_EPOCHS,
  FileUnreadable,
  MOST_EPOCHS,
  NIGHT_GAP_MS,
  type CountedNight,
  type Obstacle,
} from "./sleepRecords";

/** Of fewer pauses between rows nothing is concluded. */
const FEWEST_GAPS = 10;

export interface CountedRow {
  readonly atMs: number;
  readonly count: number | null;
  readonly heartRate: number | null;
  readonly line: number;
}

/**
 * Newest first. Counts are sums over 30 seconds: rows of another length are refused rather than spread or added up, as
 * the result would be another measure than the one the models know.
 */
export function countedNights(rows: Iterable<CountedRow>, zone: string, problems: ProblemList): readonly CountedNight[] {
  const sorted = [...rows].sort((a, b) => a.atMs - b.atMs || a.line - b.line);
  checkSpacing(sorted);
  const nights: CountedRow[][] = [];
  let lastMs = -Infinity;
  for (const row of sorted) {
    if (row.atMs - lastMs > NIGHT_GAP_MS) nights.push([]);
    nights.at(-1)?.push(row);
    lastMs = row.atMs;
  }
  return nights.map((night) => toNight(night, zone, problems)).reverse();
}

function checkSpacing(sorted: readonly CountedRow[]): void {
  const gaps = sorted
    .slice(1)
    .map((row, index) => row.atMs - sorted[index]!.atMs)
    .filter((gap) => gap > 0 && gap <= NIGHT_GAP_MS)
    .sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length / 2)];
  if (usual !== undefined && gaps.length >= FEWEST_GAPS && Math.abs(usual - EPOCH_MS) > 2_000)
    throw new FileUnreadable("epoch_length", String(Math.round(usual / 1000)));
}

function toNight(rows: readonly CountedRow[], zone: string, problems: ProblemList): CountedNight {
  const startMs = Math.floor(rows[0]!.atMs / 1000) * 1000;
  const length = Math.round((rows.at(-1)!.atMs - startMs) / EPOCH_MS) + 1;
  const size = Math.min(length, MOST_EPOCHS);
  const counts: (number | null)[] = Array.from({ length: size }, () => null);
  const heartRate: (number | null)[] = Array.from({ length: size }, () => null);
  const taken = new Set<number>();
  for (const row of rows) {
    const index = Math.round((row.atMs - startMs) / EPOCH_MS);
    if (index >= size) break;
    if (taken.has(index)) {
      problems.add("epoch_twice", row.line, new Date(row.atMs).toISOString().slice(0, 19));
      continue;
    }
    taken.add(index);
    counts[index] = row.count;
    heartRate[index] = row.heartRate;
  }
  const obstacle: Obstacle | null = length > MOST_EPOCHS ? "too_long" : length < FEWEST_EPOCHS ? "too_short" : null;
  return {
    kind: "counts",
    startMs,
    endMs: startMs + length * EPOCH_MS,
    zone,
    source: "CSV",
    isWrist: false,
    others: [],
    obstacle,
    counts: obstacle === null ? counts : [],
    heartRate: obstacle === null && heartRate.some((rate) => rate !== null) ? heartRate : null,
  };
}
