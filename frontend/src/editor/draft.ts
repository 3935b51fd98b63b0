// What the editor's controls hold, and how it becomes an alarm's fields. Pure.
//
// Only what the person touched is kept; the rest is read from the alarm each time, so that an edit from another device
// shows in the fields that were left alone.
import { nextDate } from "../alarms/dates";
import { newAlarmFields } from "../alarms/newAlarm";
import type { AlarmFields } from "../replica/types";
import { repeatToRule, ruleToRepeat, type Repeat } from "./repeat";

export interface Draft extends Repeat {
  readonly label: string;
  readonly enabled: boolean;
  readonly time: string;
  readonly date: string;
  /** Null follows the person. */
  readonly zone: string | null;
  /** Wall times, as they are stored. */
  readonly exdates: readonly string[];
  readonly rdates: readonly string[];
  readonly snoozeMinutes: string;
  readonly snoozeLimit: string;
  readonly smartWakeMinutes: string;
  readonly sound: string;
  readonly rampSeconds: string;
  readonly vibrate: boolean;
  readonly challenge: AlarmFields["ring"]["challenge"];
  readonly timeoutMinutes: string;
  readonly category: string;
  readonly priority: AlarmFields["priority"];
  readonly tags: string;
  readonly instructions: string;
}

export type Touched = Partial<Draft>;

const SCHEDULE: readonly (keyof Draft)[] = [
  "time",
  "date",
  "repeat",
  "weekdays",
  "every",
  "monthDay",
  "nth",
  "nthWeekday",
  "ruleText",
  "end",
  "untilDate",
  "count",
  "exdates",
  "rdates",
];

/**
 * What the controls show of an alarm as it is, with what was touched on top. `nowLocal`: the wall time of the alarm's zone.
 * `isBlank`: the alarm's date was never chosen by anybody.
 */
export function toDraft(fields: AlarmFields, touched: Touched, nowLocal: string, isBlank: boolean): Draft {
  const { schedule, snooze, ring } = fields;
  const stored: Draft = {
    ...ruleToRepeat(schedule.rrule, schedule.start),
    label: fields.label,
    enabled: fields.enabled,
    time: schedule.start.slice(11, 16),
    date: schedule.start.slice(0, 10),
    zone: fields.time_zone,
    exdates: schedule.exdates,
    rdates: schedule.rdates,
    snoozeMinutes: String(snooze.minutes),
    snoozeLimit: String(snooze.limit),
    smartWakeMinutes: String(fields.smart_wake_minutes),
    sound: ring.sound,
    rampSeconds: String(ring.ramp_seconds),
    vibrate: ring.vibrate,
    challenge: ring.challenge,
    timeoutMinutes: String(ring.timeout_minutes),
    category: fields.category,
    priority: fields.priority,
    tags: fields.tags.join(", "),
    instructions: fields.instructions,
  };
  const draft = { ...stored, ...touched };
  if (touched.date !== undefined || !isScheduleTouched(touched)) return draft;
  // A date that nobody chose, or that is over, becomes the next one on which the time is still to come.
  const isRuleKept = schedule.rrule !== null && draft.repeat !== "once";
  const isKept = !isBlank && (isRuleKept || `${stored.date}T${draft.time}` > nowLocal);
  return isKept ? draft : { ...draft, date: nextDate(draft.time, nowLocal) };
}

/** The alarm's fields with the draft in them. Call it with a draft that `problems` finds nothing wrong with. */
export function toFields(draft: Draft, touched: Touched, before: AlarmFields): AlarmFields {
  return {
    ...before,
    label: draft.label.trim(),
    enabled: draft.enabled,
    schedule: isScheduleTouched(touched) ? toSchedule(draft, before) : before.schedule,
    time_zone: draft.zone,
    snooze: { minutes: Number(draft.snoozeMinutes), limit: Number(draft.snoozeLimit) },
    smart_wake_minutes: Number(draft.smartWakeMinutes),
    ring: {
      ...before.ring,
      sound: draft.sound,
      ramp_seconds: Number(draft.rampSeconds),
      vibrate: draft.vibrate,
      challenge: draft.challenge,
      timeout_minutes: Number(draft.timeoutMinutes),
    },
    category: draft.category,
    priority: draft.priority,
    tags: toTags(draft.tags),
    instructions: draft.instructions,
  };
}

/** The top-level fields that differ: those that Save writes. */
export function changedFields(before: AlarmFields, after: AlarmFields): Partial<AlarmFields> {
  const names = Object.keys(after) as (keyof AlarmFields)[];
  return Object.fromEntries(
    names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).map((name) => [name, after[name]]),
  );
}

/** A new alarm: tomorrow at seven, or today when that is still to come. */
export function blankFields(nowLocal: string): AlarmFields {
  return newAlarmFields(`${nextDate("07:00", nowLocal)}T07:00:00`);
}

export function toTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
}

export function isScheduleTouched(touched: Touched): boolean {
  return SCHEDULE.some((name) => touched[name] !== undefined);
}

function toSchedule(draft: Draft, before: AlarmFields): AlarmFields["schedule"] {
  const startBefore = before.schedule.start;
  const time = draft.time === startBefore.slice(11, 16) ? startBefore.slice(11) : `${draft.time}:00`;
  // Dates at the alarm's own time move with it; those at a time of their own stay.
  const moved = (dates: readonly string[]) =>
    [
      ...new Set(dates.map((wall) => (wall.slice(11) === startBefore.slice(11) ? `${wall.slice(0, 11)}${time}` : wall))),
    ].sort();
  const rrule = repeatToRule(draft, draft.date);
  return {
    start: `${draft.date}T${time}`,
    rrule,
    exdates: rrule === null ? [] : moved(draft.exdates),
    rdates: moved(draft.rdates),
  };
}
