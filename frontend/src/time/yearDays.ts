// Which days of a year fit a rule's months, month days and weekdays (twin of alarms/year_days.py, with flags for bits).
import type { Frequency } from "./rule";
import { dateToDay, weekdayOf } from "./wall";

/** One year: the number of 1 January, how many days, and where each month starts within (13 entries, the last its length). */
export interface Year {
  readonly firstDay: number;
  readonly days: number;
  readonly monthStarts: readonly number[];
}

/** What a rule says about days, those taken from its start included. */
export interface DayParts {
  readonly frequency: Frequency;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly number[];
  readonly ordinalWeekdays: readonly (readonly [weekday: number, n: number])[];
}

export function yearOfNumber(number: number): Year {
  const firstDay = dateToDay(number, 1, 1);
  const monthStarts = Array.from({ length: 13 }, (_, month) => dateToDay(number, month + 1, 1) - firstDay);
  monthStarts[12] = dateToDay(number + 1, 1, 1) - firstDay;
  return { firstDay, days: monthStarts[12], monthStarts };
}

/** One flag for each day of the year: whether it fits, whatever the period. */
export function matchingDays(year: Year, parts: DayParts): Uint8Array {
  const fits = new Uint8Array(year.days).fill(1);
  const keep = (allowed: Uint8Array): void => allowed.forEach((isIn, day) => (fits[day]! &= isIn));
  if (parts.months.length) {
    const allowed = new Uint8Array(year.days);
    for (const month of parts.months) allowed.fill(1, year.monthStarts[month - 1], year.monthStarts[month]);
    keep(allowed);
  }
  if (parts.monthDays.length) {
    const allowed = new Uint8Array(year.days);
    for (const [first, end] of monthsOf(year)) {
      for (const monthDay of parts.monthDays)
        mark(allowed, monthDay > 0 ? first + monthDay - 1 : end + monthDay, first, end);
    }
    keep(allowed);
  }
  if (parts.weekdays.length || parts.ordinalWeekdays.length) {
    const firstWeekday = weekdayOf(year.firstDay);
    const allowed = new Uint8Array(year.days);
    for (const weekday of parts.weekdays) {
      for (let day = (weekday - firstWeekday + 7) % 7; day < year.days; day += 7) allowed[day] = 1;
    }
    for (const [first, end] of parts.ordinalWeekdays.length ? scopes(year, parts) : []) {
      for (const [weekday, n] of parts.ordinalWeekdays) {
        const fromFront = first + ((weekday - firstWeekday - first + 378) % 7) + 7 * (n - 1);
        const fromBack = end - 1 - ((firstWeekday + end - 1 - weekday + 7) % 7) + 7 * (n + 1);
        mark(allowed, n > 0 ? fromFront : fromBack, first, end);
      }
    }
    keep(allowed);
  }
  return fits;
}

/** Within what 2TU counts: each month, but the whole year under YEARLY without BYMONTH. */
function scopes(year: Year, parts: DayParts): (readonly [first: number, end: number])[] {
  if (parts.frequency === "YEARLY" && !parts.months.length) return [[0, year.days]];
  return monthsOf(year);
}

function monthsOf(year: Year): (readonly [first: number, end: number])[] {
  return Array.from({ length: 12 }, (_, month) => [year.monthStarts[month]!, year.monthStarts[month + 1]!] as const);
}

function mark(days: Uint8Array, day: number, first: number, end: number): void {
  if (day >= first && day < end) days[day] = 1;
}
