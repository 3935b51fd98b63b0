// What the server has already, and what that means for a night of a file.
import type { Night } from "./sleepRecords";

export interface StoredNight {
  readonly startMs: number;
  readonly endMs: number;
  readonly epochs: number;
  readonly keptUntilMs: number;
}

/** stored: the same night is there, whole. unfinished: a part of it is. overlaps: another night is in its place. */
export type Mark = "new" | "stored" | "unfinished" | "overlaps";

const DAY_MS = 86_400_000;
/** What servers keep unless whoever runs one chose otherwise; a night that is there tells the real number. */
export const USUAL_DAYS = 90;

export function markOf(night: Night, stored: readonly StoredNight[]): Mark {
  const same = stored.find(({ startMs }) => startMs === night.startMs);
  const length = night.kind === "stages" ? night.stages.length : night.counts.length;
  if (same) return same.epochs >= length ? "stored" : "unfinished";
  const end = (one: StoredNight) => Math.max(one.endMs, one.startMs + 1);
  return stored.some((one) => night.startMs < end(one) && one.startMs < night.endMs) ? "overlaps" : "new";
}

/** How many days nights are kept, as far as the nights that are there show it. */
export function daysKept(stored: readonly StoredNight[]): number | null {
  const one = stored[0];
  return one ? Math.round((one.keptUntilMs - one.endMs) / DAY_MS) : null;
}

export function canBeChosen(night: Night, mark: Mark): boolean {
  return night.obstacle === null && (mark === "new" || mark === "unfinished");
}
