// Counts a night as it goes on: samples go in as they come, epochs come out once what follows them is known. Pure.
//
// An epoch is filtered within a block of 60 s: the 25 s before it, its own 30 s and the 5 s after it. The filter forgets
// within two seconds, so that this gives what filtering the whole night at once would.
import { countOf, EPOCH_MS, isObserved, resample, secondBins } from "./counts";
import { FEWEST, filtfilt, HZ } from "./filter";

export const BEFORE_MS = 25_000;
export const AFTER_MS = 5_000;
/** A day: as much as a night may hold. */
export const MOST_EPOCHS = 2_880;
const EPOCH_SAMPLES = (EPOCH_MS / 1000) * HZ;

export interface Epoch {
  readonly index: number;
  /** Null: this device did not observe it. */
  readonly count: number | null;
}

export class EpochCounter {
  #at: number[] = [];
  #z: number[] = [];
  #next: number;

  /** `first`: the epoch to go on with. Times are in milliseconds, of any clock that does not go back. */
  constructor(
    readonly startAt: number,
    first = 0,
  ) {
    this.#next = first;
  }

  /** Take samples; those that are older than one before them are left out. */
  add(at: ArrayLike<number>, z: ArrayLike<number>): void {
    for (let i = 0; i < at.length; i += 1) {
      const isLater = this.#at.length === 0 || at[i]! > this.#at.at(-1)!;
      if (!isLater || !Number.isFinite(at[i]) || !Number.isFinite(z[i])) continue;
      this.#at.push(at[i]!);
      this.#z.push(z[i]!);
    }
  }

  /** The epochs that are over by now, with the five seconds after them. */
  take(nowMs: number): Epoch[] {
    return this.#takeUntil(nowMs - AFTER_MS);
  }

  /** The end of the recording: all that is over, whatever follows it. */
  finish(nowMs: number): Epoch[] {
    return this.#takeUntil(nowMs);
  }

  #takeUntil(untilMs: number): Epoch[] {
    const epochs: Epoch[] = [];
    while (this.#next < MOST_EPOCHS && this.#startOf(this.#next + 1) <= untilMs) {
      epochs.push({ index: this.#next, count: this.#count(this.#startOf(this.#next)) });
      this.#next += 1;
      this.#forget(this.#startOf(this.#next) - BEFORE_MS);
    }
    return epochs;
  }

  #startOf(index: number): number {
    return this.startAt + index * EPOCH_MS;
  }

  #count(startMs: number): number | null {
    const samples = { at: this.#at, z: this.#z };
    if (!isObserved(samples, startMs, startMs + EPOCH_MS)) return null;
    const from = Math.max(this.startAt, startMs - BEFORE_MS);
    // No further than samples reach: at the very end there are none after the epoch.
    const known = Math.max(startMs + EPOCH_MS, Math.min(this.#at.at(-1) ?? 0, startMs + EPOCH_MS + AFTER_MS));
    const length = Math.floor(((known - from) * HZ) / 1000);
    if (length < FEWEST) return null;
    const before = Math.round(((startMs - from) * HZ) / 1000);
    const filtered = filtfilt(resample(samples, from, length));
    return countOf(secondBins(filtered.subarray(before, before + EPOCH_SAMPLES)));
  }

  /** What lies before `ms` is needed no more; the last sample before it still is, for the line from it. */
  #forget(ms: number): void {
    let first = 0;
    while (first + 1 < this.#at.length && this.#at[first + 1]! <= ms) first += 1;
    if (first === 0) return;
    this.#at = this.#at.slice(first);
    this.#z = this.#z.slice(first);
  }
}
