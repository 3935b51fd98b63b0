// A night as stretches of one stage: what a hypnogram draws and its table lists. Pure.
import type { Epoch, Stage } from "./types";

/** Epochs `first` up to, not with, `after`. Without a stage: there was no signal. */
export interface Run {
  readonly stage: Stage | null;
  readonly first: number;
  readonly after: number;
  /** The mean of its epochs; null where nobody says how sure it is. */
  readonly confidence: number | null;
}

export function runsOf(epochs: readonly Epoch[]): readonly Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let index = 1; index <= epochs.length; index += 1) {
    if (index < epochs.length && epochs[index]!.stage === epochs[first]!.stage) continue;
    const part = epochs.slice(first, index);
    runs.push({ stage: part[0]!.stage, first, after: index, confidence: meanConfidence(part) });
    first = index;
  }
  return runs;
}

/** Of the epochs that have one. */
export function meanConfidence(epochs: readonly Epoch[]): number | null {
  const known = epochs.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}
