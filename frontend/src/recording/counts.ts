// From samples of the z axis to activity counts, as the nights were counted on which the models learnt. Pure.
import { HZ } from "./filter";

export const EPOCH_MS = 30_000;
const COUNTED_SECONDS = 15;
const BINS = 128;
const BINS_REACH_G = 5;
/** What 15 seconds of stillness come to, with a little over for the noise of the sensor. */
const AT_REST = 18;
const PER_BIN = 3.07;
/** Two samples further apart leave a hole: slower than 10 Hz there is nothing to filter. */
const HOLE_MS = 100;
/** An epoch that lacks more was not observed. */
const MISSING_MS = 3_000;

/** Samples in the order of time: when each was taken (ms), and what the z axis felt (g). */
export interface Samples {
  readonly at: readonly number[];
  readonly z: readonly number[];
}

/** The samples at `length` even instants, on straight lines between those that were taken; before and after them as the nearest. */
export function resample({ at, z }: Samples, fromMs: number, length: number): Float64Array {
  const even = new Float64Array(length);
  if (at.length === 0) return even;
  let next = 0; // the first sample that is not before the instant
  for (let i = 0; i < length; i += 1) {
    const now = fromMs + (i * 1000) / HZ;
    while (next < at.length && at[next]! < now) next += 1;
    if (next === 0) even[i] = z[0]!;
    else if (next === at.length) even[i] = z[next - 1]!;
    else {
      const part = (now - at[next - 1]!) / (at[next]! - at[next - 1]!);
      even[i] = z[next - 1]! + part * (z[next]! - z[next - 1]!);
    }
  }
  return even;
}

/** The bin of the largest movement in each whole second, counted from 1; beyond 5 g it is one more than there are bins. */
export function secondBins(filtered: Float64Array): number[] {
  const bins: number[] = [];
  for (let second = 0; (second + 1) * HZ <= filtered.length; second += 1) {
    let largest = 0;
    for (let i = second * HZ; i < (second + 1) * HZ; i += 1) largest = Math.max(largest, Math.abs(filtered[i]!));
    bins.push(Math.min(BINS, Math.floor((largest * BINS) / BINS_REACH_G)) + 1);
  }
  return bins;
}

/** The count of an epoch from the bins of its seconds: a sum for each 15 of them. */
export function countOf(bins: readonly number[]): number {
  let count = 0;
  for (let first = 0; first < bins.length; first += COUNTED_SECONDS) {
    const sum = bins.slice(first, first + COUNTED_SECONDS).reduce((total, bin) => total + bin, 0);
    count += Math.max(0, (sum - AT_REST) * PER_BIN);
  }
  return Math.round(count * 100) / 100;
}

/** Whether enough samples were taken from `fromMs` until `untilMs` to say how much was moved. */
export function isObserved({ at }: Samples, fromMs: number, untilMs: number): boolean {
  let missing = 0;
  let before = -Infinity;
  for (const now of [...at, Infinity]) {
    if (now > fromMs && now - before > HOLE_MS) missing += Math.min(now, untilMs) - Math.max(before, fromMs);
    if (now >= untilMs) break;
    before = now;
  }
  return missing <= MISSING_MS;
}
