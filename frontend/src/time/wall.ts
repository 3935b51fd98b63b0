// Wall times: what a clock on the wall shows, as whole seconds since 1970-01-01T00:00:00 there. No zone, no Date.

/** Seconds since 1970-01-01T00:00:00 on a wall clock, whatever its zone. */
export type WallTime = number;

export const DAY_SECONDS = 86_400;
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2200;

/** The number of a date's day, 1970-01-01 being 0 (Hinnant, "chrono-compatible low-level date algorithms"). */
export function dateToDay(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The reverse: year, month (1 to 12) and day of the month. */
export function dayToDate(number: number): readonly [year: number, month: number, day: number] {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** Monday is 0. */
export function weekdayOf(day: number): number {
  return modulo(day + 3, 7);
}

export function dayOf(wall: WallTime): number {
  return Math.floor(wall / DAY_SECONDS);
}

export function yearOf(wall: WallTime): number {
  return dayToDate(dayOf(wall))[0];
}

/** Never negative, unlike `%`. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** A wall time of its parts, null when there is no such date or time. */
export function partsToWall(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): WallTime | null {
  const number = dateToDay(year, month, day);
  const [, realMonth, realDay] = dayToDate(number);
  const isReal = year > 0 && month >= 1 && month <= 12 && realMonth === month && realDay === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59) return null;
  return number * DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

/** Exactly YYYY-MM-DDTHH:MM:SS of the years 1970 to 2200, null for anything else. */
export function textToWall(text: unknown): WallTime | null {
  const found = typeof text === "string" && /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  return partsToWall(year, month, day, hour, minute, second);
}

/** YYYY-MM-DDTHH:MM:SS. */
export function wallToText(wall: WallTime): string {
  const day = dayOf(wall);
  const [year, month, date] = dayToDate(day);
  const second = wall - day * DAY_SECONDS;
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return `${padded(year, 4)}-${padded(month)}-${padded(date)}T${clock.map((part) => padded(part)).join(":")}`;
}

export function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
