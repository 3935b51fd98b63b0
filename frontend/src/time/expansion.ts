// The wall times that a rule generates, found without walking there from the start (twin of alarms/expansion.py).
//
// The work goes year by year, as far as the year 2200: which days match is one row of flags, which of them lie in a period of
// the rule (every second week ...) is arithmetic. So the cost depends on what is asked for, not on how long ago the alarm
// began, and a rule that never fires is known to be one after some 230 steps.
import type { Rule } from "./rule";
import { DAY_SECONDS, dateToDay, dayOf, dayToDate, LAST_YEAR, modulo, weekdayOf, yearOf, type WallTime } from "./wall";
import { matchingDays, yearOfNumber, type DayParts, type Year } from "./yearDays";

/** No rule generates anything later. */
export const LAST_WALL: WallTime = dateToDay(LAST_YEAR + 1, 1, 1) * DAY_SECONDS - 1;

/** Wall time is ahead of UTC by less than this in every zone. */
const AHEAD_OF_UTC_SECONDS = 15 * 3600;

/** Days of one period, ascending. */
type Group = readonly number[];

/** One rule with its start. Lives for one question. */
export class Expansion {
  readonly #rule: Rule;
  readonly #start: WallTime;
  readonly #startDay: number;
  readonly #startYear: number;
  readonly #startMonth: number;
  /** The first day of the period that the start lies in, as far as periods are counted in days. */
  readonly #anchor: number;
  readonly #parts: DayParts;
  /** Seconds of the day, ascending. */
  readonly #times: readonly number[];
  readonly #positions: readonly number[];
  readonly #matching = new Map<number, Uint8Array>();

  constructor(rule: Rule, start: WallTime) {
    const startDay = dayOf(start);
    const [year, month, day] = dayToDate(startDay);
    this.#rule = rule;
    this.#start = start;
    this.#startDay = startDay;
    this.#startYear = year;
    this.#startMonth = month;
    this.#anchor = rule.frequency === "WEEKLY" ? startDay - modulo(weekdayOf(startDay) - rule.weekStart, 7) : startDay;
    this.#parts = withDaysOfStart(rule, month, day, weekdayOf(startDay));
    const second = start - startDay * DAY_SECONDS;
    const hours = rule.hours.length ? rule.hours : [Math.floor(second / 3600)];
    const minutes = rule.minutes.length ? rule.minutes : [Math.floor(second / 60) % 60];
    const times = hours.flatMap((hour) => minutes.map((minute) => hour * 3600 + minute * 60 + (second % 60)));
    // Under DAILY a day is the period and all days have the same times: choosing among them once is enough.
    const isChosenOnce = rule.frequency === "DAILY" && rule.positions.length > 0;
    this.#times = isChosenOnce ? chosen(rule.positions, times.length).map((place) => times[place]!) : times;
    this.#positions = isChosenOnce ? [] : rule.positions;
  }

  /**
   * The rule's wall times at or after `first`, ascending, COUNT and UNTIL respected, none after the year 2200.
   * An UNTIL that is an instant ends them only roughly, up to a day late: the exact end depends on the zone.
   */
  *wallTimes(first: WallTime): Generator<WallTime> {
    const from = Math.max(first, this.#start);
    const { count } = this.#rule;
    let left = count === null ? Infinity : count - this.#generatedBefore(from);
    const last = this.#last();
    if (left <= 0 || from > last || !this.#times.length) return;
    // A week that reaches into the year of `from` belongs to the year before.
    for (let year = dayToDate(dayOf(from) - 6)[0]; year <= yearOf(last); year++) {
      for (const group of this.#groups(year)) {
        if (group.length && group[group.length - 1]! < dayOf(from)) continue;
        for (const wall of this.#instances(group)) {
          if (wall < from) continue;
          if (wall > last) return;
          yield wall;
          if (--left <= 0) return;
        }
      }
    }
  }

  #last(): WallTime {
    const { untilLocal, untilAtMs } = this.#rule;
    const until = untilLocal ?? (untilAtMs === null ? LAST_WALL : untilAtMs / 1000 + AHEAD_OF_UTC_SECONDS);
    return Math.min(until, LAST_WALL);
  }

  /** A year's days: one group, or with BYSETPOS one per period. A week belongs to the year in which it begins. */
  *#groups(number: number): Generator<Group> {
    const year = yearOfNumber(number);
    const { interval, frequency } = this.#rule;
    const { firstDay, monthStarts } = year;
    const periods: Group[] = [];
    if (frequency === "YEARLY") {
      if (modulo(number - this.#startYear, interval) === 0) periods.push(this.#days(year, firstDay, firstDay + year.days));
    } else if (frequency === "MONTHLY") {
      const begun = (number - this.#startYear) * 12 - (this.#startMonth - 1);
      for (let month = modulo(-begun, interval); month < 12; month += interval) {
        periods.push(this.#days(year, firstDay + monthStarts[month]!, firstDay + monthStarts[month + 1]!));
      }
    } else if (frequency === "WEEKLY") {
      const step = 7 * interval;
      const next = yearOfNumber(number + 1);
      for (let week = firstDay + modulo(this.#anchor - firstDay, step); week < next.firstDay; week += step) {
        const days = [...this.#days(year, week, week + 7), ...this.#days(next, week, week + 7)];
        // The first week has only its days from the start on; BYSETPOS notices.
        periods.push(days.filter((day) => day >= this.#startDay));
      }
    } else {
      const days = this.#days(year, firstDay, next(year));
      periods.push(interval === 1 ? days : days.filter((day) => modulo(day - this.#anchor, interval) === 0));
    }
    if (this.#positions.length) yield* periods;
    else yield periods.flat();
  }

  /** The matching days of the year from `first` up to before `end`. */
  #days(year: Year, first: number, end: number): number[] {
    const kind = weekdayOf(year.firstDay) * 2 + (year.days - 365);
    let fits = this.#matching.get(kind);
    if (!fits) this.#matching.set(kind, (fits = matchingDays(year, this.#parts)));
    const days: number[] = [];
    for (let day = Math.max(first, year.firstDay); day < Math.min(end, next(year)); day++) {
      if (fits[day - year.firstDay]) days.push(day);
    }
    return days;
  }

  *#instances(group: Group): Generator<WallTime> {
    const times = this.#times;
    if (!this.#positions.length) {
      for (const day of group) for (const time of times) yield day * DAY_SECONDS + time;
      return;
    }
    for (const place of chosen(this.#positions, group.length * times.length)) {
      yield group[Math.floor(place / times.length)]! * DAY_SECONDS + times[place % times.length]!;
    }
  }

  /** How many the rule has generated from its start on, before `wall` (not before the start): COUNT's tally. */
  #generatedBefore(wall: WallTime): number {
    let tally = 0;
    for (let year = dayToDate(this.#anchor)[0]; year <= yearOf(wall); year++) {
      for (const group of this.#groups(year)) tally += this.#sizeBefore(group, wall) - this.#sizeBefore(group, this.#start);
    }
    return tally;
  }

  /** How many instances of one group lie before `wall`, whatever the start is. */
  #sizeBefore(group: Group, wall: WallTime): number {
    const day = dayOf(wall);
    if (!group.length || group[0]! > day) return 0;
    if (this.#positions.length) {
      let size = 0;
      for (const instance of this.#instances(group)) if (instance < wall) size++;
      return size;
    }
    const earlierDays = group[group.length - 1]! < day ? group.length : group.filter((other) => other < day).length;
    if (group[earlierDays] !== day) return earlierDays * this.#times.length;
    return earlierDays * this.#times.length + this.#times.filter((time) => day * DAY_SECONDS + time < wall).length;
  }
}

/** RFC 5545: what no BY part says about the day is taken from the start. */
function withDaysOfStart(rule: Rule, month: number, day: number, weekday: number): DayParts {
  const hasDays = rule.monthDays.length || rule.weekdays.length || rule.ordinalWeekdays.length;
  if (hasDays || rule.frequency === "DAILY") return rule;
  if (rule.frequency === "WEEKLY") return { ...rule, weekdays: [weekday] };
  const months = rule.frequency === "YEARLY" && !rule.months.length ? [month] : rule.months;
  return { ...rule, months, monthDays: [day] };
}

function next(year: Year): number {
  return year.firstDay + year.days;
}

/** The indexes that BYSETPOS names in a set of that size, ascending: 1 is the first, -1 the last. */
function chosen(positions: readonly number[], size: number): number[] {
  const within = positions.filter((position) => Math.abs(position) <= size);
  return [...new Set(within.map((n) => (n > 0 ? n - 1 : size + n)))].sort((one, other) => one - other);
}
