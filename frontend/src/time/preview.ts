// What a person sees of the coming occurrences: those that will ring and those that are skipped, with the reason.
import { InvalidSchedule, UnknownZone } from "./errors";
import { instantToText, occurrenceId } from "./occurrenceId";
import { occurrences, type Occurrence } from "./occurrences";
import { readSchedule, type ScheduleFields } from "./schedule";
import { chainOf, firstSkip } from "./suppressions";
import { instantToLocal, type ZoneTable } from "./zoneTable";

export { UnknownZone };

/** What of an alarm decides when it rings. `time_zone` null follows the person's zone. */
export interface TimedAlarm {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly schedule: ScheduleFields;
  readonly time_zone: string | null;
}

/** One coming occurrence. `local` is RFC 3339 in the alarm's zone, 2026-12-01T07:00:00+01:00. */
export interface PreviewItem {
  readonly id: string;
  readonly atMs: number;
  readonly local: string;
  readonly status: "will_ring" | "skipped";
  readonly reason: string | null;
}

/** `end`: why there are no more items; more may follow after `count`, and nobody knows about what is past the horizon. */
export interface Preview {
  readonly items: readonly PreviewItem[];
  readonly end: "count" | "schedule" | "horizon";
}

/** The tables of the zones in use, and the person's zone, which alarms without one follow. */
export interface Zones {
  readonly tables: Readonly<Record<string, ZoneTable>>;
  readonly userZone: string;
}

/** The fields that a pull gives to a coming occurrence. */
export interface ComingFields {
  readonly alarm_id: string;
  readonly label: string;
  readonly at: string;
  readonly local: string;
  readonly state: "pending";
  readonly ring_count: 0;
  readonly snoozed_until: null;
  readonly answered_by: null;
  readonly reason: string | null;
  readonly status: "will_ring" | "skipped";
}

export interface Coming {
  readonly id: string;
  readonly fields: ComingFields;
}

/**
 * The first `count` occurrences at or after `fromMs`, the skipped ones among them, with the reason.
 * Throws InvalidSchedule, UnknownZone.
 */
export function preview(
  alarm: TimedAlarm,
  zones: Zones,
  fromMs: number,
  count: number,
  skips: Iterable<string> = [],
): Preview {
  const chain = chainOf(alarm.id, alarm.enabled, new Set(skips));
  const found = occurrences(readSchedule(alarm.schedule), tableOf(alarm, zones), fromMs);
  const items: PreviewItem[] = [];
  while (items.length < count) {
    const { value, done } = found.next();
    if (done) return { items, end: value };
    items.push(toItem(alarm.id, value, firstSkip(value, chain)));
  }
  return { items, end: "count" };
}

/** The first occurrence that will ring at or after `fromMs`, or why there is none. Throws InvalidSchedule, UnknownZone. */
export function nextOccurrence(
  alarm: TimedAlarm,
  zones: Zones,
  fromMs: number,
  skips: Iterable<string> = [],
): PreviewItem | "none" | "beyond_horizon" {
  if (!alarm.enabled) return "none";
  const chain = chainOf(alarm.id, true, new Set(skips));
  const found = occurrences(readSchedule(alarm.schedule), tableOf(alarm, zones), fromMs);
  for (;;) {
    const { value, done } = found.next(); // ends at the horizon at the latest
    if (done) return value === "horizon" ? "beyond_horizon" : "none";
    if (firstSkip(value, chain) === null) return toItem(alarm.id, value, null);
  }
}

/** Of many alarms, by id: the next ring, or why none can be told. */
export type NextRings = Readonly<Record<string, PreviewItem | "none" | "beyond_horizon" | "unknown_zone" | "invalid">>;

export function nextOccurrences(
  alarms: readonly TimedAlarm[],
  zones: Zones,
  fromMs: number,
  skips: readonly string[] = [],
): NextRings {
  const skipped = new Set(skips);
  return Object.fromEntries(alarms.map((alarm) => [alarm.id, nextOrProblem(alarm, zones, fromMs, skipped)]));
}

function nextOrProblem(alarm: TimedAlarm, zones: Zones, fromMs: number, skips: ReadonlySet<string>): NextRings[string] {
  try {
    return nextOccurrence(alarm, zones, fromMs, skips);
  } catch (error) {
    if (error instanceof UnknownZone) return "unknown_zone";
    if (error instanceof InvalidSchedule) return "invalid";
    throw error;
  }
}

/**
 * What alarms name from `fromMs` up to before `untilMs`, by their ids: what is off names nothing. Null for an alarm of which
 * nothing can be said, because its zone's table is not here or ends before, or because its schedule is none.
 */
export function coming(
  alarms: readonly TimedAlarm[],
  zones: Zones,
  fromMs: number,
  untilMs: number,
  skips: readonly string[] = [],
): Readonly<Record<string, readonly Coming[] | null>> {
  const skipped = new Set(skips);
  return Object.fromEntries(alarms.map((alarm) => [alarm.id, comingOf(alarm, zones, fromMs, untilMs, skipped)]));
}

function comingOf(
  alarm: TimedAlarm,
  zones: Zones,
  fromMs: number,
  untilMs: number,
  skips: ReadonlySet<string>,
): Coming[] | null {
  if (!alarm.enabled) return [];
  try {
    const chain = chainOf(alarm.id, true, skips);
    const found = occurrences(readSchedule(alarm.schedule), tableOf(alarm, zones), fromMs);
    const items: Coming[] = [];
    for (;;) {
      const { value, done } = found.next();
      if (done) return value === "schedule" || isPast(tableOf(alarm, zones), untilMs) ? items : null;
      if (value.atMs >= untilMs) return items;
      items.push(toComing(alarm, toItem(alarm.id, value, firstSkip(value, chain))));
    }
  } catch (error) {
    if (error instanceof UnknownZone || error instanceof InvalidSchedule) return null;
    throw error;
  }
}

/** Whether the table reaches as far as that instant, so that nothing before it is missing. */
function isPast(table: ZoneTable, untilMs: number): boolean {
  return (table[table.length - 1]?.[0] ?? -Infinity) >= untilMs;
}

function toComing(alarm: TimedAlarm, { id, atMs, local, status, reason }: PreviewItem): Coming {
  const fields: ComingFields = {
    alarm_id: alarm.id,
    label: alarm.label,
    at: instantToText(atMs),
    local,
    state: "pending",
    ring_count: 0,
    snoozed_until: null,
    answered_by: null,
    reason,
    status,
  };
  return { id, fields };
}

function tableOf(alarm: TimedAlarm, { tables, userZone }: Zones): ZoneTable {
  const zone = alarm.time_zone ?? userZone;
  if (!Object.hasOwn(tables, zone)) throw new UnknownZone(zone);
  return tables[zone]!;
}

function toItem(alarmId: string, { atMs, offsetSeconds }: Occurrence, reason: string | null): PreviewItem {
  return {
    id: occurrenceId(alarmId, atMs),
    atMs,
    local: instantToLocal(atMs, offsetSeconds),
    status: reason === null ? "will_ring" : "skipped",
    reason,
  };
}
