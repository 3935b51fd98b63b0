// The ways of repeating that the editor has controls for, to and from their rules. Pure.
import { ruleToShape, shapeToRule, type Ending, type Shape } from "../time/describe";
import { dayOf, dayToDate, textToWall, weekdayOf } from "../time/wall";

export type RepeatKind =
  | "once"
  | "every_day"
  | "weekdays"
  | "weekends"
  | "days"
  | "every_n_days"
  | "every_n_weeks"
  | "month_day"
  | "month_weekday"
  | "yearly"
  | "rule";

/** What the controls show; those that a kind does not need keep what they had. Weekdays count from Monday = 0. */
export interface Repeat {
  readonly repeat: RepeatKind;
  readonly weekdays: readonly number[];
  readonly every: string;
  /** 1 to 31, or -1 for the last. */
  readonly monthDay: number;
  readonly nth: number;
  readonly nthWeekday: number;
  readonly ruleText: string;
  readonly end: Ending["type"];
  readonly untilDate: string;
  readonly count: string;
}

export const NTHS: readonly number[] = [1, 2, 3, 4, -1];

/** The controls for a stored rule; `start` gives what the rule takes from it. Rules of other shapes are kept as text. */
export function ruleToRepeat(rrule: string | null, start: string): Repeat {
  const startDay = dayOf(textToWall(start) ?? 0);
  const [, startMonth, startDate] = dayToDate(startDay);
  const own: Repeat = {
    repeat: rrule === null ? "once" : "rule",
    weekdays: [weekdayOf(startDay)],
    every: "1",
    monthDay: startDate,
    nth: Math.min(4, Math.ceil(startDate / 7)),
    nthWeekday: weekdayOf(startDay),
    ruleText: rrule ?? "",
    end: "never",
    untilDate: start.slice(0, 10),
    count: "10",
  };
  const shape = ruleToShape(rrule, start);
  if (shape.type === "once" || shape.type === "custom") return own;
  const controls = shapeToControls(shape, startMonth, startDate);
  return controls === null ? own : { ...own, ...controls, ...endingToControls(shape.ending) };
}

/** The rule that the controls describe, of an alarm that starts on `date`; null for once. */
export function repeatToRule(repeat: Repeat, date: string): string | null {
  if (repeat.repeat === "rule") return repeat.ruleText.trim().toUpperCase();
  return shapeToRule(repeatToShape(repeat, date));
}

function repeatToShape(repeat: Repeat, date: string): Shape {
  const { weekdays, monthDay, nth } = repeat;
  const ending = controlsToEnding(repeat);
  const interval = Number(repeat.every);
  switch (repeat.repeat) {
    case "once":
    case "rule":
      return { type: "once" };
    case "every_day":
      return { type: "daily", interval: 1, ending };
    case "weekdays":
    case "weekends":
      return { type: repeat.repeat, ending };
    case "days":
      return { type: "weekly", interval: 1, weekdays, ending };
    case "every_n_days":
      return { type: "daily", interval, ending };
    case "every_n_weeks":
      return { type: "weekly", interval, weekdays, ending };
    case "month_day":
      return { type: "monthly_by_date", interval, monthDay, ending };
    case "month_weekday":
      return { type: "monthly_by_weekday", interval, nth, weekday: repeat.nthWeekday, ending };
    case "yearly": {
      const [month, day] = date.split("-").slice(1).map(Number) as [number, number];
      return { type: "yearly", interval, month, monthDay: day, ending };
    }
  }
}

/** Null for a shape that the controls cannot show without losing something. */
function shapeToControls(
  shape: Exclude<Shape, { type: "once" }>,
  startMonth: number,
  startDate: number,
): Partial<Repeat> | null {
  switch (shape.type) {
    case "daily":
      return shape.interval === 1 ? { repeat: "every_day" } : { repeat: "every_n_days", every: String(shape.interval) };
    case "weekdays":
      return { repeat: shape.type, weekdays: [0, 1, 2, 3, 4] };
    case "weekends":
      return { repeat: shape.type, weekdays: [5, 6] };
    case "weekly":
      if (shape.interval === 1) return { repeat: "days", weekdays: shape.weekdays };
      return { repeat: "every_n_weeks", weekdays: shape.weekdays, every: String(shape.interval) };
    case "monthly_by_date":
      if (shape.monthDay < -1) return null;
      return { repeat: "month_day", monthDay: shape.monthDay, every: String(shape.interval) };
    case "monthly_by_weekday":
      if (!NTHS.includes(shape.nth)) return null;
      return { repeat: "month_weekday", nth: shape.nth, nthWeekday: shape.weekday, every: String(shape.interval) };
    case "yearly":
      if (shape.month !== startMonth || shape.monthDay !== startDate) return null;
      return { repeat: "yearly", every: String(shape.interval) };
  }
}

function endingToControls(ending: Ending): Partial<Repeat> {
  if (ending.type === "count") return { end: "count", count: String(ending.count) };
  return ending.type === "until" ? { end: "until", untilDate: ending.until.slice(0, 10) } : {};
}

function controlsToEnding({ end, untilDate, count }: Repeat): Ending {
  if (end === "count") return { type: "count", count: Number(count) };
  return end === "until" ? { type: "until", until: `${untilDate}T23:59:59` } : { type: "never" };
}
