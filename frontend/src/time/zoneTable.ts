// How a wall time becomes an instant, by the table that a pull brought: runtimes carry different zone data, so never by Intl.
import { padded, wallToText, type WallTime } from "./wall";

/**
 * Entries [untilMs, offsetSeconds], ascending: before `untilMs`, and not before the entry in front, clocks show UTC plus
 * `offsetSeconds`. The last entry ends at the table's horizon: of what follows the table says nothing.
 */
export type ZoneTable = readonly (readonly [untilMs: number, offsetSeconds: number])[];

/** The seconds that clocks are ahead of UTC at an instant, null at and after the horizon. */
export function offsetAt(table: ZoneTable, atMs: number): number | null {
  return table.find(([untilMs]) => atMs < untilMs)?.[1] ?? null;
}

/**
 * The instant of a wall time in epoch milliseconds, null at and after the horizon (RFC 5545, 3.3.5; Temporal's "compatible").
 *
 * Inside a gap it moves later by the gap's length; of the two instants of an overlap it is the earlier one.
 */
export function localToInstant(wall: WallTime, table: ZoneTable): number | null {
  const asUtcMs = wall * 1000;
  const found = table.findIndex(([untilMs, offset]) => asUtcMs - offset * 1000 < untilMs);
  const entry = table[found];
  if (!entry) return null;
  const before = table[found - 1];
  const atMs = asUtcMs - entry[1] * 1000;
  if (!before || atMs >= before[0]) return atMs;
  const movedMs = asUtcMs - before[1] * 1000; // in a gap: by the offset that holds before it
  return movedMs < table[table.length - 1]![0] ? movedMs : null;
}

/** RFC 3339 with the offset: 2026-12-01T07:00:00+01:00. */
export function instantToLocal(atMs: number, offsetSeconds: number): string {
  const size = Math.abs(offsetSeconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, ...(size % 60 ? [size % 60] : [])];
  const sign = offsetSeconds < 0 ? "-" : "+";
  return wallToText(Math.floor(atMs / 1000) + offsetSeconds) + sign + parts.map((part) => padded(part)).join(":");
}
