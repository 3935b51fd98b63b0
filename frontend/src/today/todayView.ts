// What Today shows, worked out from what is stored on the device. Pure.
import type { OccurrenceFields, Shown } from "../replica/types";

/** How far ahead Today looks; the server sends no further. */
export const AHEAD_MS = 48 * 3_600_000;
/** How long what was missed stays on Today. */
export const BACK_MS = 36 * 3_600_000;
/** After this, a time that passed without news is told as such. */
const NO_NEWS_AFTER_MS = 90_000;

/** One time at which an alarm is due, with its alarm where that still exists. */
export interface Due {
  readonly id: string;
  readonly atMs: number;
  /** The wall time in the alarm's zone; `zone` is null where it follows the person. */
  readonly local: string;
  readonly zone: string | null;
  readonly occurrence: OccurrenceFields;
  readonly alarm: Shown<"alarm"> | undefined;
  readonly isSkipped: boolean;
  readonly isPending: boolean;
}

export interface TodayView {
  /** What rings right now, on whichever device. */
  readonly ringing: readonly Due[];
  readonly snoozed: readonly Due[];
  /** The next one that will ring. */
  readonly next: Due | null;
  /** All of the next 48 h, those that are skipped too. */
  readonly coming: readonly Due[];
  /** Missed since yesterday, the latest first. */
  readonly missed: readonly Due[];
  /** Its time passed and this device has not heard what became of it. */
  readonly noNews: readonly Due[];
  /** Left out since yesterday, with the reason, the latest first. */
  readonly leftOut: readonly Due[];
  readonly switchedOff: number;
  /** There are alarms, and none of them rings, is snoozed or rings within the two days. */
  readonly isQuiet: boolean;
  readonly hasAlarms: boolean;
  readonly alarms: readonly Shown<"alarm">[];
}

interface Stored {
  readonly occurrences: readonly Shown<"occurrence">[];
  readonly alarms: readonly Shown<"alarm">[];
}

export function todayView({ occurrences, alarms }: Stored, now: number): TodayView {
  const alarmsById = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const every = occurrences.map((one) => due(one, alarmsById.get(one.fields.alarm_id ?? "")));
  every.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));

  const coming = every.filter((one) => isToCome(one) && one.atMs > now && one.atMs <= now + AHEAD_MS);
  const recent = every.filter((one) => one.atMs <= now && one.atMs > now - BACK_MS).reverse();
  const ringing = every.filter((one) => one.occurrence.state === "ringing");
  const snoozed = every.filter((one) => one.occurrence.state === "snoozed" && one.occurrence.snoozed_until !== null);
  const next = coming.find((one) => !one.isSkipped) ?? null;
  return {
    ringing,
    snoozed,
    next,
    coming,
    missed: recent.filter((one) => one.occurrence.state === "missed"),
    noNews: recent.filter((one) => isToCome(one) && !one.isSkipped && one.atMs < now - NO_NEWS_AFTER_MS),
    leftOut: recent.filter((one) => one.occurrence.state === "skipped"),
    switchedOff: alarms.filter((alarm) => !alarm.fields.enabled).length,
    isQuiet: alarms.length > 0 && next === null && ringing.length + snoozed.length === 0,
    hasAlarms: alarms.length > 0,
    alarms,
  };
}

function due(one: Shown<"occurrence">, alarm: Shown<"alarm"> | undefined): Due {
  return {
    id: one.id,
    atMs: Date.parse(one.fields.at),
    local: one.fields.local,
    zone: alarm?.fields.time_zone ?? null,
    occurrence: one.fields,
    alarm,
    isSkipped: one.fields.status === "skipped",
    isPending: one.isPending || (alarm?.isPending ?? false),
  };
}

/** Pending, of an alarm that is there and on: an edit that waits to be sent may have switched it off. */
function isToCome({ occurrence, alarm }: Due): boolean {
  return occurrence.state === "pending" && (alarm?.fields.enabled ?? false);
}
