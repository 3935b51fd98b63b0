// When to send: in batches by night, at once when an alarm may ring early, and after a failure not too soon. Pure.

/** Five minutes of half minutes. */
const BATCH = 10;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export interface Turns {
  /** How many tries failed since one worked. */
  readonly failures: number;
  /** Not before, epoch milliseconds. */
  readonly notBefore: number;
}

export const NO_FAILURE: Turns = { failures: 0, notBefore: 0 };

export function isTimeToSend(turns: Turns, waiting: number, isUrgent: boolean, nowMs: number): boolean {
  if (waiting === 0) return false;
  return isUrgent || (waiting >= BATCH && nowMs >= turns.notBefore);
}

/** Twice as long after each failure, to five minutes; never all devices at the same moment. */
export function afterFailure({ failures }: Turns, nowMs: number, askedMs: number | null, random: number): Turns {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return { failures: failures + 1, notBefore: nowMs + Math.max(askedMs ?? 0, wait * (0.5 + random)) };
}
