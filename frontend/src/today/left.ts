// How much time is left, for words. Pure.

/** Between two looks at the clock: a nap of 20 minutes must not begin as 21. */
export const COUNTDOWN_TICK_MS = 10_000;
const MINUTE_MS = 60_000;

/** To the nearest minute, but never none of what is yet to come. */
export function toWholeMinutes(leftMs: number): number {
  return Math.max(1, Math.round(leftMs / MINUTE_MS)) * MINUTE_MS;
}
