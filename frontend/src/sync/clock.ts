// Hybrid logical clocks: what every synced field carries, as text that sorts by time (twin of sync/clock.py).
//
// `<unix ms, 13 digits>-<counter, 4 hex>-<client id>`. All parts but the last have one width, so the text's order is
// (ms, counter, client id). A field without a clock (a default) is older than any clock.

/** How far a client's clock may be ahead of the server's before it is clamped. */
export const AHEAD_ALLOWED_MS = 5 * 60_000;

/** The age at which a clock is expired; tombstones and recorded outcomes are kept as long. */
export const KEPT_FOR_MS = 90 * 86_400_000;

const SHAPE = /^([0-9]{13})-([0-9a-f]{4})-([A-Za-z0-9_-]{1,64})$/;
const CLIENT = /^[A-Za-z0-9_-]{1,64}$/;
const LAST_MS = 9_999_999_999_999;
const LAST_COUNTER = 0xffff;

/** A clock taken apart. */
export interface Stamp {
  readonly ms: number;
  readonly counter: number;
  readonly clientId: string;
}

/** The clock's text. Throws RangeError when there is none (the milliseconds end in 2286). */
export function formatClock({ ms, counter, clientId }: Stamp): string {
  if (!isWithin(ms, LAST_MS) || !isWithin(counter, LAST_COUNTER) || !isClientId(clientId)) {
    throw new RangeError("This does not fit a clock.");
  }
  return `${String(ms).padStart(13, "0")}-${counter.toString(16).padStart(4, "0")}-${clientId}`;
}

/** The parts of a clock's text, null for any other text: there is one way to write a clock. */
export function parseClock(text: string): Stamp | null {
  const found = SHAPE.exec(text);
  return found && { ms: Number(found[1]), counter: parseInt(found[2]!, 16), clientId: found[3]! };
}

/** Whether a client may call itself that. */
export function isClientId(text: string): boolean {
  return CLIENT.test(text);
}

/** The latest of the clocks, null when there is none. */
export function greatest(clocks: Iterable<string | null | undefined>): string | null {
  let latest: string | null = null;
  for (const clock of clocks) if (clock && (latest === null || clock > latest)) latest = clock;
  return latest;
}

/**
 * The next clock of `clientId`: at `nowMs`, or right after the greatest clock it has `seen` if that is not earlier.
 * A counter that overflows goes on in the next millisecond. Throws RangeError past the last clock there is.
 */
export function tick(clientId: string, nowMs: number, seen: string | null): string {
  const now = Math.floor(nowMs);
  const last = seen === null ? null : known(seen);
  if (!last || last.ms < now) return formatClock({ ms: now, counter: 0, clientId });
  if (last.counter < LAST_COUNTER) return formatClock({ ms: last.ms, counter: last.counter + 1, clientId });
  return formatClock({ ms: last.ms + 1, counter: 0, clientId });
}

/** Whether the clock is more than five minutes ahead of the server, so that it must be clamped. */
export function isAhead(clock: string, nowMs: number): boolean {
  return known(clock).ms > Math.floor(nowMs) + AHEAD_ALLOWED_MS;
}

/** Whether the clock is older than 90 days, so that its write is refused. */
export function isExpired(clock: string, nowMs: number): boolean {
  return known(clock).ms < Math.floor(nowMs) - KEPT_FOR_MS;
}

/**
 * The clocks of one push, those too far ahead set to the server's next ticks, each still in its client's name.
 *
 * `seen`: the greatest clock of the documents that the push writes to. Ticks are given in the clocks' own order, after
 * all that is seen and all that may stay, and equal clocks stay equal: what one client wrote in an order keeps it.
 */
export function clampAll(clocks: readonly string[], nowMs: number, seen: string | null): string[] {
  const ahead = new Set(clocks.filter((clock) => isAhead(clock, nowMs)));
  let latest = greatest([seen, ...clocks.filter((clock) => !ahead.has(clock))]);
  const clamped = new Map<string, string>();
  for (const clock of [...ahead].sort()) clamped.set(clock, (latest = tick(known(clock).clientId, nowMs, latest)));
  return clocks.map((clock) => clamped.get(clock) ?? clock);
}

function known(clock: string): Stamp {
  const stamp = parseClock(clock);
  if (!stamp) throw new RangeError("This is not a clock.");
  return stamp;
}

function isWithin(value: number, last: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= last;
}
