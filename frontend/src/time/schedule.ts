// What a person sets: an alarm's wall times as iCalendar (RFC 5545) in JSON (twin of alarms/schedule.py).
import { InvalidSchedule } from "./errors";
import { isRuleError, parseRule, type Rule } from "./rule";
import { textToWall, type WallTime } from "./wall";

export { InvalidSchedule };

/** As it is stored and sent. */
export interface ScheduleFields {
  readonly start: string;
  readonly rrule?: string | null;
  readonly exdates?: readonly string[];
  readonly rdates?: readonly string[];
}

/** Wall times: what `rule` generates from `start`, plus `rdates`, minus `exdates`. Without `rule`, `start` once. */
export interface Schedule {
  readonly start: WallTime;
  readonly rule: Rule | null;
  readonly exdates: readonly WallTime[];
  readonly rdates: readonly WallTime[];
}

const MAX_DATES = 500;
const FIELDS = ["start", "rrule", "exdates", "rdates"];

/** The schedule of its JSON. Throws InvalidSchedule. */
export function readSchedule(fields: ScheduleFields): Schedule {
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new InvalidSchedule(unknown, "unknown_field");
  return {
    start: readWall(fields.start, "start"),
    rule: readRule(fields.rrule ?? null),
    exdates: readDates(fields.exdates ?? [], "exdates"),
    rdates: readDates(fields.rdates ?? [], "rdates"),
  };
}

function readRule(text: unknown): Rule | null {
  if (text === null) return null;
  if (typeof text !== "string") throw new InvalidSchedule("rrule", "not_a_rule");
  const rule = parseRule(text);
  if (isRuleError(rule)) throw new InvalidSchedule("rrule", rule.code, rule.part);
  return rule;
}

function readDates(texts: unknown, field: string): WallTime[] {
  if (!Array.isArray(texts)) throw new InvalidSchedule(field, "not_a_list");
  if (texts.length > MAX_DATES) throw new InvalidSchedule(field, "too_many");
  return texts.map((text: unknown) => readWall(text, field));
}

function readWall(text: unknown, field: string): WallTime {
  const wall = textToWall(text);
  if (wall === null) throw new InvalidSchedule(field, "not_a_wall_time");
  return wall;
}
