// The ways of repeating that have a name, and their rules (RFC 5545). The words are the screens'.
import { isRuleError, parseRule, WEEKDAY_NAMES, type Rule } from "./rule";
import { dayOf, dayToDate, textToWall, wallToText, weekdayOf } from "./wall";

/** After the last one nothing rings. `until`: the last wall time that may ring, "2026-12-31T23:59:59". */
export type Ending =
  | { readonly type: "never" }
  | { readonly type: "count"; readonly count: number }
  | { readonly type: "until"; readonly until: string };

/** Weekdays count from Monday = 0. A `monthDay` counts from the end when it is negative, and so does `nth`. */
export type Shape =
  | { readonly type: "once" }
  | { readonly type: "daily"; readonly interval: number; readonly ending: Ending }
  | { readonly type: "weekdays"; readonly ending: Ending }
  | { readonly type: "weekends"; readonly ending: Ending }
  | { readonly type: "weekly"; readonly interval: number; readonly weekdays: readonly number[]; readonly ending: Ending }
  | { readonly type: "monthly_by_date"; readonly interval: number; readonly monthDay: number; readonly ending: Ending }
  | {
      readonly type: "monthly_by_weekday";
      readonly interval: number;
      readonly nth: number;
      readonly weekday: number;
      readonly ending: Ending;
    }
  | {
      readonly type: "yearly";
      readonly interval: number;
      readonly month: number;
      readonly monthDay: number;
      readonly ending: Ending;
    };

const WORKDAYS = [0, 1, 2, 3, 4];
const WEEKEND = [5, 6];

/** The shape of a rule whose first day is that of `start`; `custom` for one that no shape says in full. */
export function ruleToShape(rrule: string | null, start: string): Shape | { readonly type: "custom" } {
  if (rrule === null) return { type: "once" };
  const rule = parseRule(rrule);
  const wall = textToWall(start);
  if (isRuleError(rule) || wall === null) return { type: "custom" };
  return shapeOf(rule, dayOf(wall)) ?? { type: "custom" };
}

/** The rule of a shape; null is once. */
export function shapeToRule(shape: Shape): string | null {
  if (shape.type === "once") return null;
  return bodyOf(shape) + endingToRule(shape.ending);
}

function bodyOf(shape: Exclude<Shape, { type: "once" }>): string {
  const interval = "interval" in shape && shape.interval > 1 ? `;INTERVAL=${shape.interval}` : "";
  switch (shape.type) {
    case "daily":
      return `FREQ=DAILY${interval}`;
    case "weekdays":
      return `FREQ=WEEKLY;BYDAY=${names(WORKDAYS)}`;
    case "weekends":
      return `FREQ=WEEKLY;BYDAY=${names(WEEKEND)}`;
    case "weekly":
      return `FREQ=WEEKLY${interval};BYDAY=${names(shape.weekdays)}`;
    case "monthly_by_date":
      return `FREQ=MONTHLY${interval};BYMONTHDAY=${shape.monthDay}`;
    case "monthly_by_weekday":
      return `FREQ=MONTHLY${interval};BYDAY=${shape.nth}${names([shape.weekday])}`;
    case "yearly":
      return `FREQ=YEARLY${interval};BYMONTH=${shape.month};BYMONTHDAY=${shape.monthDay}`;
  }
}

function endingToRule(ending: Ending): string {
  if (ending.type === "count") return `;COUNT=${ending.count}`;
  return ending.type === "until" ? `;UNTIL=${ending.until.replace(/[-:]/g, "")}` : "";
}

function shapeOf(rule: Rule, startDay: number): Shape | null {
  const { frequency, interval, weekdays, monthDays, months } = rule;
  if (rule.hours.length || rule.minutes.length || rule.untilAtMs !== null) return null;
  const ending = endingOf(rule);
  const [, startMonth, startDate] = dayToDate(startDay);
  if (frequency === "DAILY" || frequency === "WEEKLY") {
    if (rule.positions.length || monthDays.length || months.length) return null;
    if (frequency === "DAILY" && !weekdays.length) return { type: "daily", interval, ending };
    // Every second day if it is a Monday is no shape, and in longer periods the week's first day matters.
    if (interval > 1 && (frequency === "DAILY" || rule.weekStart !== 0)) return null;
    return weeklyShape(interval, weekdays.length ? weekdays : [weekdayOf(startDay)], ending);
  }
  const ordinal = ordinalOf(rule);
  if (ordinal) {
    if (frequency === "YEARLY" || monthDays.length || months.length) return null;
    return { type: "monthly_by_weekday", interval, weekday: ordinal[0], nth: ordinal[1], ending };
  }
  if (weekdays.length || rule.ordinalWeekdays.length || rule.positions.length || monthDays.length > 1) return null;
  const monthDay = monthDays[0] ?? startDate;
  if (frequency === "MONTHLY") return months.length ? null : { type: "monthly_by_date", interval, monthDay, ending };
  if (months.length > 1 || (monthDays.length && !months.length)) return null; // without BYMONTH: in all months
  return { type: "yearly", interval, month: months[0] ?? startMonth, monthDay, ending };
}

function weeklyShape(interval: number, weekdays: readonly number[], ending: Ending): Shape {
  if (interval === 1 && weekdays.length === 7) return { type: "daily", interval: 1, ending };
  if (interval === 1 && weekdays.join() === WORKDAYS.join()) return { type: "weekdays", ending };
  if (interval === 1 && weekdays.join() === WEEKEND.join()) return { type: "weekends", ending };
  return { type: "weekly", interval, weekdays, ending };
}

/** The one weekday with a number, as 2TU or as TU with BYSETPOS=2. */
function ordinalOf({ weekdays, ordinalWeekdays, positions }: Rule): readonly [weekday: number, nth: number] | null {
  if (ordinalWeekdays.length === 1 && !weekdays.length && !positions.length) return ordinalWeekdays[0]!;
  if (weekdays.length === 1 && !ordinalWeekdays.length && positions.length === 1) return [weekdays[0]!, positions[0]!];
  return null;
}

function endingOf({ count, untilLocal }: Rule): Ending {
  if (count !== null) return { type: "count", count };
  return untilLocal === null ? { type: "never" } : { type: "until", until: wallToText(untilLocal) };
}

function names(weekdays: readonly number[]): string {
  return [...weekdays]
    .sort((one, other) => one - other)
    .map((weekday) => WEEKDAY_NAMES[weekday])
    .join(",");
}
