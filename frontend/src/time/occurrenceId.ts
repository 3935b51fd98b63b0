// An occurrence's identity: the same text on every device and on the server (twin of alarms/occurrence.py).
import { partsToWall, wallToText } from "./wall";

const ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{4})(\d\d)(\d\d)T([01]\d|2[0-3])(\d\d)(\d\d)Z$/;
const LAST_MS = 253_402_300_800_000; // the year 10000
const FIRST_MS = -62_135_596_800 * 1000; // the year 1

/** `<alarm id>:<YYYYMMDDTHHMMSSZ>`. Throws RangeError unless `atMs` is in whole seconds and of a year with four digits. */
export function occurrenceId(alarmId: string, atMs: number): string {
  if (atMs % 1000 !== 0 || atMs < FIRST_MS || atMs >= LAST_MS) throw new RangeError("An occurrence is at a whole second.");
  return `${alarmId}:${wallToText(atMs / 1000).replace(/[-:]/g, "")}Z`;
}

/** The reverse, null for any text that `occurrenceId` does not make of an alarm's UUID in lower case. */
export function parseOccurrenceId(text: string): { readonly alarmId: string; readonly atMs: number } | null {
  const found = ID.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(2).map(Number);
  const seconds = partsToWall(year!, month!, day!, hour!, minute!, second!);
  return seconds === null ? null : { alarmId: found[1]!, atMs: seconds * 1000 };
}

/** RFC 3339 in UTC with milliseconds, as the API writes instants: 2026-12-01T06:00:00.000Z. */
export function instantToText(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  return `${wallToText(second)}.${String(atMs - second * 1000).padStart(3, "0")}Z`;
}
