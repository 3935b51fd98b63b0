// The recurrence rules we accept: one RRULE value (RFC 5545, 3.3.10) to a Rule, or what is wrong (twin of alarms/rule.py).
import { DAY_SECONDS, partsToWall, type WallTime } from "./wall";

export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

export const WEEKDAY_NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const FREQUENCIES: readonly string[] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] satisfies Frequency[];
const SUB_DAILY: readonly string[] = ["SECONDLY", "MINUTELY", "HOURLY"];
const MAX_RULE_CHARACTERS = 500;

export type RuleErrorCode =
  | "too_long"
  | "not_parts"
  | "has_prefix"
  | "unknown_part"
  | "not_a_pair"
  | "given_twice"
  | "no_frequency"
  | "sub_daily"
  | "unknown_frequency"
  | "not_in_range"
  | "not_signed_in_range"
  | "not_days"
  | "not_a_weekday"
  | "not_a_time"
  | "count_with_until"
  | "numbered_day"
  | "positions_alone";

/** A rule we do not accept. `part` is the RRULE part at fault, null when it is the text as a whole. */
export interface RuleError {
  readonly code: RuleErrorCode;
  readonly part: string | null;
  /** Of the codes that end in `in_range`: the least and the greatest number that is accepted. */
  readonly range: readonly [low: number, high: number] | null;
}

/** One parsed rule. Weekdays count from Monday = 0; empty lists are parts not given; all are sorted and unique. */
export interface Rule {
  readonly text: string;
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** At most one of the two is set, and neither beside `count`. */
  readonly untilLocal: WallTime | null;
  readonly untilAtMs: number | null;
  readonly weekStart: number;
  readonly weekdays: readonly number[];
  /** Pairs (weekday, n): the n-th of that weekday in its month or year, from the end when n is negative. */
  readonly ordinalWeekdays: readonly (readonly [weekday: number, n: number])[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  readonly positions: readonly number[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
}

class Refused extends Error {
  constructor(readonly reason: RuleError) {
    super(reason.code);
  }
}

/** Read an RRULE value, without the leading "RRULE:". `Rule.text` is the text in upper case. */
export function parseRule(text: string): Rule | RuleError {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

export function isRuleError(read: Rule | RuleError): read is RuleError {
  return "code" in read;
}

function read(text: string): Rule {
  const values = split(text);
  if (!values.has("FREQ")) refuse("no_frequency", "FREQ");
  const numbers: Record<string, readonly number[]> = {};
  let frequency = "" as Frequency;
  let days: [weekday: number, n: number][] = [];
  let until: Until | null = null;
  // In the text's order: of several errors the first is told.
  for (const [part, value] of values) {
    if (part === "FREQ") frequency = readFrequency(value);
    else if (part === "UNTIL") until = readUntil(value);
    else if (part === "WKST") numbers[part] = [readWeekStart(value)];
    else if (part === "BYDAY") days = value.split(",").map(readDay);
    else numbers[part] = readNumbers(part, value);
  }
  if (values.has("COUNT") && until) refuse("count_with_until", "COUNT");
  const isShort = frequency === "DAILY" || frequency === "WEEKLY";
  if (isShort && days.some(([, n]) => n)) refuse("numbered_day", "BYDAY");
  const hasOtherPart = [...values.keys()].some((part) => part.startsWith("BY") && part !== "BYSETPOS");
  if (values.has("BYSETPOS") && !hasOtherPart) refuse("positions_alone", "BYSETPOS");
  return {
    text: text.toUpperCase(),
    frequency,
    interval: numbers["INTERVAL"]?.[0] ?? 1,
    count: numbers["COUNT"]?.[0] ?? null,
    untilLocal: until && !until.isInstant ? until.seconds : null,
    untilAtMs: until?.isInstant ? until.seconds * 1000 : null,
    weekStart: numbers["WKST"]?.[0] ?? 0,
    weekdays: ascending(days.filter(([, n]) => !n).map(([weekday]) => weekday)),
    ordinalWeekdays: days.filter(([, n]) => n),
    monthDays: numbers["BYMONTHDAY"] ?? [],
    months: numbers["BYMONTH"] ?? [],
    positions: numbers["BYSETPOS"] ?? [],
    hours: numbers["BYHOUR"] ?? [],
    minutes: numbers["BYMINUTE"] ?? [],
  };
}

/** Name to value, both in upper case. */
function split(text: string): Map<string, string> {
  if (text.length > MAX_RULE_CHARACTERS) refuse("too_long", null);
  if (!/^[A-Za-z0-9=;,:+-]+$/.test(text)) refuse("not_parts", null);
  const upper = text.toUpperCase();
  if (upper.startsWith("RRULE:")) refuse("has_prefix", null);
  const values = new Map<string, string>();
  for (const pair of upper.split(";")) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (name && !PARTS.includes(name)) refuse("unknown_part", name.slice(0, 20));
    if (!name || equals < 0) refuse("not_a_pair", name || null);
    if (values.has(name)) refuse("given_twice", name);
    values.set(name, pair.slice(equals + 1));
  }
  return values;
}

/** Per part its least and greatest number; a least below zero: not zero, and from the end when negative. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  INTERVAL: [1, 999],
  COUNT: [1, 999_999_999],
  BYMONTHDAY: [-31, 31],
  BYMONTH: [1, 12],
  BYSETPOS: [-366, 366],
  BYHOUR: [0, 23],
  BYMINUTE: [0, 59],
};
const PARTS: readonly string[] = ["FREQ", "UNTIL", "WKST", "BYDAY", ...Object.keys(RANGES)];

function readNumbers(part: string, value: string): number[] {
  const range = RANGES[part]!;
  const [low, high] = range;
  const items = part.startsWith("BY") ? value.split(",") : [value];
  const numbers = items.map((item) => {
    const isSigned = low < 0;
    const number = (isSigned ? /^[+-]?[0-9]{1,3}$/ : /^[0-9]{1,10}$/).test(item) ? Number(item) : NaN;
    if (number >= low && number <= high && !(isSigned && !number)) return number;
    return refuse(isSigned ? "not_signed_in_range" : "not_in_range", part, range);
  });
  return ascending(numbers);
}

function readFrequency(value: string): Frequency {
  if (SUB_DAILY.includes(value)) refuse("sub_daily", "FREQ");
  if (!FREQUENCIES.includes(value)) refuse("unknown_frequency", "FREQ");
  return value as Frequency;
}

function readDay(item: string): [weekday: number, n: number] {
  const found = /^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(item);
  const n = Number(found?.[1] ?? 0);
  if (!found || (found[1] !== undefined && (!n || Math.abs(n) > 53))) return refuse("not_days", "BYDAY");
  return [weekdayNumber(found[2]!), n];
}

function readWeekStart(value: string): number {
  const weekday = weekdayNumber(value);
  return weekday < 0 ? refuse("not_a_weekday", "WKST") : weekday;
}

interface Until {
  readonly seconds: number;
  readonly isInstant: boolean;
}

/** A bare date is the last second of that day. */
function readUntil(value: string): Until {
  const found = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(value);
  const [year, month, day, hour, minute, second] = (found?.slice(1, 7) ?? []).map((part?: string) => Number(part ?? 0));
  const seconds = found && partsToWall(year!, month!, day!, hour!, minute!, second!);
  if (!found || seconds === null) return refuse("not_a_time", "UNTIL");
  return { seconds: found[4] === undefined ? seconds + DAY_SECONDS - 1 : seconds, isInstant: found[7] === "Z" };
}

function weekdayNumber(name: string): number {
  return (WEEKDAY_NAMES as readonly string[]).indexOf(name);
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}

function refuse(code: RuleErrorCode, part: string | null, range: readonly [number, number] | null = null): never {
  throw new Refused({ code, part, range });
}
