// A schedule in plain words: "every weekday", "every month, on the second Tuesday", "once, on Tue, 1 Dec". Pure.
import type { I18n } from "@lingui/core";
import { msg, plural, select } from "@lingui/core/macro";
import type { Schedule } from "../api/types";
import { ruleToShape, type Shape } from "../time/describe";
import { formatDate, weekdayName, WEEKDAYS } from "../ui/clock";

/** `nowLocal`: today's wall time; dates of another year than its are shown with the year. */
export function scheduleInWords(i18n: I18n, schedule: Schedule, nowLocal: string = schedule.start): string {
  const repeats = repeatsInWords(i18n, schedule, nowLocal);
  const extra = schedule.rdates.length;
  const without = schedule.exdates.length;
  const parts = [repeats];
  if (extra > 0) parts.push(i18n._(msg`${plural(extra, { one: "and # more date", other: "and # more dates" })}`));
  if (without > 0) parts.push(i18n._(msg`${plural(without, { one: "without # date", other: "without # dates" })}`));
  return parts.join(", ");
}

function repeatsInWords(i18n: I18n, { start, rrule }: Schedule, nowLocal: string): string {
  const shape = ruleToShape(rrule, start);
  if (shape.type === "once") {
    const day = withinSentence(formatDate(start, i18n.locale, nowLocal), i18n.locale);
    return i18n._(msg`once, on ${day}`);
  }
  const words = shape.type === "custom" ? null : shapeInWords(i18n, shape);
  if (words === null || shape.type === "custom") return i18n._(msg`by a rule of its own`);
  const { ending } = shape;
  if (ending.type === "never") return words;
  if (ending.type === "count") {
    const { count } = ending;
    return [words, i18n._(msg`${plural(count, { one: "# time", other: "# times" })}`)].join(", ");
  }
  const lastDay = withinSentence(formatDate(ending.until, i18n.locale, nowLocal), i18n.locale);
  return [words, i18n._(msg`until ${lastDay}`)].join(", ");
}

/** Null for a shape that has no short name. */
function shapeInWords(i18n: I18n, shape: Exclude<Shape, { type: "once" }>): string | null {
  switch (shape.type) {
    case "daily": {
      const { interval } = shape;
      return i18n._(msg`${plural(interval, { one: "every day", other: "every # days" })}`);
    }
    case "weekdays":
      return i18n._(msg`every weekday`);
    case "weekends":
      return i18n._(msg`every weekend`);
    case "weekly": {
      const { interval } = shape;
      const days = listOf(i18n, shape.weekdays);
      if (interval === 1) return i18n._(msg`every ${days}`);
      const period = i18n._(msg`${plural(interval, { one: "every week", other: "every # weeks" })}`);
      return i18n._(msg`${period}, on ${days}`);
    }
    case "monthly_by_date":
    case "monthly_by_weekday": {
      const { interval } = shape;
      const where =
        shape.type === "monthly_by_date" ? dayOfMonth(i18n, shape.monthDay) : nthWeekday(i18n, shape.weekday, shape.nth);
      const period = i18n._(msg`${plural(interval, { one: "every month", other: "every # months" })}`);
      return where === null ? null : `${period}, ${where}`;
    }
    case "yearly": {
      const { interval, month, monthDay } = shape;
      if (monthDay < 1) return null;
      const at = Date.UTC(2024, month - 1, monthDay); // a leap year, for 29 February
      const day = new Intl.DateTimeFormat(i18n.locale, { day: "numeric", month: "long", timeZone: "UTC" }).format(at);
      const period = i18n._(msg`${plural(interval, { one: "every year", other: "every # years" })}`);
      return i18n._(msg`${period}, on ${day}`);
    }
  }
}

function dayOfMonth(i18n: I18n, day: number): string | null {
  if (day === -1) return i18n._(msg`on the last day`);
  return day > 0 ? i18n._(msg`on day ${day}`) : null;
}

/** Some languages bend "second" by the day's gender: hence the choice between days of the week and of the weekend. */
export function nthWeekday(i18n: I18n, weekday: number, nth: number): string | null {
  const name = weekdayName(WEEKDAYS[weekday]!, i18n.locale);
  const kind = weekday > 4 ? "weekend" : "week";
  switch (nth) {
    case 1:
      return i18n._(msg`${select(kind, { weekend: `on the first ${name}`, other: `on the first ${name}` })}`);
    case 2:
      return i18n._(msg`${select(kind, { weekend: `on the second ${name}`, other: `on the second ${name}` })}`);
    case 3:
      return i18n._(msg`${select(kind, { weekend: `on the third ${name}`, other: `on the third ${name}` })}`);
    case 4:
      return i18n._(msg`${select(kind, { weekend: `on the fourth ${name}`, other: `on the fourth ${name}` })}`);
    case -1:
      return i18n._(msg`${select(kind, { weekend: `on the last ${name}`, other: `on the last ${name}` })}`);
    default:
      return null;
  }
}

function listOf(i18n: I18n, days: readonly number[]): string {
  const names = days.map((day) => weekdayName(WEEKDAYS[day]!, i18n.locale, days.length > 3 ? "short" : "long"));
  return new Intl.ListFormat(i18n.locale, { type: "conjunction" }).format(names);
}

/** Days are written small within a sentence, but not in English. */
export function withinSentence(day: string, locale: string): string {
  return locale.startsWith("en") ? day : day.charAt(0).toLocaleLowerCase(locale) + day.slice(1);
}
