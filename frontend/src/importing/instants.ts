// Times as files write them. With an offset they are instants; without one they are read in a zone that is asked for.

const WRITTEN =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?\s*$/i;
const MINUTE = 60_000;

export interface WrittenTime {
  /** The wall time, counted as if it were UTC. */
  readonly wallMs: number;
  /** East of UTC; null when the text has none. */
  readonly offsetMs: number | null;
}

/** `2024-03-01 23:12:00 +0100`, `2024-03-01T23:12:00Z`, `2024-03-01 23:12`; null for anything else. */
export function parseTime(text: string): WrittenTime | null {
  const [, year, month, day, hour, minute, second = "0", offset] = WRITTEN.exec(text) ?? [];
  if (year === undefined) return null;
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  const [y, mo, d, h, mi, s] = parts;
  const wallMs = Date.UTC(y, mo - 1, d, h, mi, s);
  const read = new Date(wallMs);
  const isReal = read.getUTCMonth() === mo - 1 && read.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!isReal || y < 1990) return null;
  return { wallMs, offsetMs: offset === undefined ? null : offsetOf(offset) };
}

/** Of a time that carries its offset; null otherwise. */
export function parseInstant(text: string): number | null {
  const time = parseTime(text);
  return time?.offsetMs == null ? null : time.wallMs - time.offsetMs;
}

function offsetOf(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const size = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * MINUTE;
  return text.startsWith("-") ? -size : size;
}

/** Milliseconds east of UTC at an instant. */
export type OffsetAt = (atMs: number) => number;

/**
 * The instant of a wall time. One that comes twice, when clocks go back, is the first that is not before `notBeforeMs`:
 * rows of a file follow one another. One that was skipped is read with the offset before the change, as in alarms.
 */
export function wallToInstant(wallMs: number, offsetAt: OffsetAt, notBeforeMs = -Infinity): number {
  const before = offsetAt(wallMs - 24 * 60 * MINUTE);
  const after = offsetAt(wallMs + 24 * 60 * MINUTE);
  const real = [wallMs - before, wallMs - after]
    .filter((instant) => wallMs - offsetAt(instant) === instant)
    .sort((a, b) => a - b);
  return real.find((instant) => instant >= notBeforeMs) ?? real.at(-1) ?? wallMs - before;
}

/**
 * Offsets of a zone by the browser's own tables; null for a name it does not know. They are good for nights that are
 * over; what is to ring follows the server's tables alone.
 */
export function offsetsOf(zone: string): OffsetAt | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null;
  }
  const known = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / (15 * MINUTE)); // offsets change on quarters of an hour
    let offset = known.get(quarter);
    if (offset === undefined) {
      const at = quarter * 15 * MINUTE;
      const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
      const { year, month, day, hour, minute, second } = parts as Record<string, number>;
      offset = Date.UTC(year!, month! - 1, day, hour, minute, second) - at;
      known.set(quarter, offset);
    }
    return offset;
  };
}

/** A wall time such as `2024-03-01T23:12:00`. */
export function wallText(atMs: number, offsetAt: OffsetAt): string {
  return new Date(atMs + offsetAt(atMs)).toISOString().slice(0, 19);
}
