// What stands in the way of saving a draft, by field: the server's limits, told before it has to. Pure.
import { isRuleError, parseRule, type RuleError } from "../time/rule";
import { textToWall } from "../time/wall";
import { toTags, type Draft } from "./draft";
import { repeatToRule, type RepeatKind } from "./repeat";

export const LIMITS = {
  label: 200,
  instructions: 4000,
  tags: 20,
  tag: 50,
  dates: 500,
  every: [1, 999],
  count: [1, 9999],
  snoozeMinutes: [1, 120],
  snoozeLimit: [0, 50],
  smartWakeMinutes: [0, 90],
  rampSeconds: [0, 600],
  timeoutMinutes: [1, 60],
} as const;

export type Problem =
  | { readonly code: "characters" | "not_a_time" | "not_a_date" | "date_over" | "no_days" | "no_zone" }
  | { readonly code: "too_long" | "too_many"; readonly most: number }
  | { readonly code: "range"; readonly range: readonly [number, number] }
  | { readonly code: "until_before_start" }
  | { readonly code: "rule"; readonly error: RuleError };

export type Problems = Partial<Record<keyof Draft, Problem>>;

/** The kinds that have a number of days, weeks, months or years between two rings. */
export const COUNTED: readonly RepeatKind[] = ["every_n_days", "every_n_weeks", "month_day", "month_weekday", "yearly"];

// eslint-disable-next-line no-control-regex -- these are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// eslint-disable-next-line no-control-regex -- tab and new line are welcome here
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

export interface Checks {
  /** The wall time of the alarm's zone. */
  readonly nowLocal: string;
  /** A date that is over matters only when it was chosen now. */
  readonly isScheduleChecked: boolean;
  readonly isZoneName: (name: string) => boolean;
}

/** In the order in which the fields stand. An alarm without a name gets one when it is saved. */
export function problems(draft: Draft, { nowLocal, isScheduleChecked, isZoneName }: Checks): Problems {
  const found: Problems = {};
  const add = (field: keyof Draft, problem: Problem | null) => {
    if (problem && !found[field]) found[field] = problem;
  };
  add("time", /^([01]\d|2[0-3]):[0-5]\d$/.test(draft.time) ? null : { code: "not_a_time" });
  add("label", labelProblem(draft.label));
  if (isScheduleChecked) addSchedule(draft, nowLocal, add);
  add("zone", draft.zone === null || isZoneName(draft.zone) ? null : { code: "no_zone" });
  add("snoozeMinutes", rangeProblem(draft.snoozeMinutes, LIMITS.snoozeMinutes));
  add("snoozeLimit", rangeProblem(draft.snoozeLimit, LIMITS.snoozeLimit));
  add("smartWakeMinutes", rangeProblem(draft.smartWakeMinutes, LIMITS.smartWakeMinutes));
  add("rampSeconds", rangeProblem(draft.rampSeconds, LIMITS.rampSeconds));
  add("timeoutMinutes", rangeProblem(draft.timeoutMinutes, LIMITS.timeoutMinutes));
  add("tags", tagsProblem(draft.tags));
  if (length(draft.instructions) > LIMITS.instructions) add("instructions", { code: "too_long", most: LIMITS.instructions });
  if (CONTROL_IN_LINES.test(draft.instructions)) add("instructions", { code: "characters" });
  return found;
}

function addSchedule(draft: Draft, nowLocal: string, add: (field: keyof Draft, problem: Problem | null) => void): void {
  const isDate = textToWall(`${draft.date}T00:00:00`) !== null;
  add("date", isDate ? null : { code: "not_a_date" });
  if (isDate && draft.repeat === "once" && `${draft.date}T${draft.time}` <= nowLocal.slice(0, 16) && !draft.rdates.length)
    add("date", { code: "date_over" });
  if ((draft.repeat === "days" || draft.repeat === "every_n_weeks") && draft.weekdays.length === 0)
    add("weekdays", { code: "no_days" });
  if (COUNTED.includes(draft.repeat)) add("every", rangeProblem(draft.every, LIMITS.every));
  if (draft.repeat === "rule") {
    const rule = parseRule(repeatToRule(draft, draft.date) ?? "");
    if (isRuleError(rule)) add("ruleText", { code: "rule", error: rule });
  } else if (draft.repeat !== "once") {
    if (draft.end === "count") add("count", rangeProblem(draft.count, LIMITS.count));
    if (draft.end === "until") add("untilDate", untilProblem(draft));
  }
  if (draft.exdates.length > LIMITS.dates) add("exdates", { code: "too_many", most: LIMITS.dates });
  if (draft.rdates.length > LIMITS.dates) add("rdates", { code: "too_many", most: LIMITS.dates });
}

function labelProblem(label: string): Problem | null {
  if (length(label.trim()) > LIMITS.label) return { code: "too_long", most: LIMITS.label };
  return CONTROL.test(label) ? { code: "characters" } : null;
}

function untilProblem({ untilDate, date }: Draft): Problem | null {
  if (textToWall(`${untilDate}T00:00:00`) === null) return { code: "not_a_date" };
  return untilDate < date ? { code: "until_before_start" } : null;
}

function rangeProblem(text: string, range: readonly [number, number]): Problem | null {
  const number = text.trim() === "" ? NaN : Number(text);
  return Number.isInteger(number) && number >= range[0] && number <= range[1] ? null : { code: "range", range };
}

function tagsProblem(text: string): Problem | null {
  const tags = toTags(text);
  if (tags.length > LIMITS.tags) return { code: "too_many", most: LIMITS.tags };
  if (tags.some((tag) => length(tag) > LIMITS.tag)) return { code: "too_long", most: LIMITS.tag };
  return tags.some((tag) => CONTROL.test(tag)) ? { code: "characters" } : null;
}

/** The server counts code points. */
function length(text: string): number {
  // eslint-disable-next-line @typescript-eslint/no-misused-spread -- code points are what is meant
  return [...text].length;
}
