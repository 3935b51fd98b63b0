// "Ring in 20 minutes": a one-off alarm, by the person's own clock. Pure.
import { NAP } from "../alarms/categories";
import { newAlarmFields } from "../alarms/newAlarm";
import type { AlarmFields, Shown, ZoneTable } from "../replica/types";
import { localOf, offsetAt } from "../ui/clock";

export const NAP_CHOICES = [10, 20, 30, 45] as const;
export const NAP_MINUTES = { min: 1, max: 12 * 60 } as const;

const OVER_AFTER_MS = 12 * 3_600_000;

interface Nap {
  readonly label: string;
  readonly minutes: number;
  readonly now: number;
  readonly zone: string;
}

/** The alarm of a nap that starts at `now`, to the second. */
export function napAlarm({ label, minutes, now, zone }: Nap, table: ZoneTable): AlarmFields {
  const at = Math.ceil(now / 1000) * 1000 + minutes * 60_000;
  const start = localOf(at, table);
  // In the hour that clocks show twice a wall time means the first one, which may be over; a fixed offset has no such hour.
  const safeZone = isSecondPass(at, table) ? (fixedZone(offsetAt(at, table)) ?? zone) : zone;
  return { ...newAlarmFields(start), label, category: NAP, time_zone: safeZone };
}

/** Naps of half a day ago and more: nobody needs them in the list, and their history stays. */
export function oldNaps(alarms: readonly Shown<"alarm">[], now: number, table: ZoneTable): string[] {
  const before = localOf(now - OVER_AFTER_MS, table);
  const isOver = ({ category, schedule }: AlarmFields) =>
    category === NAP && schedule.rrule === null && schedule.rdates.length === 0 && schedule.start < before;
  return alarms.filter((alarm) => isOver(alarm.fields)).map((alarm) => alarm.id);
}

/** Whether clocks showed the wall time of this instant once before, as they do when summer time ends. */
function isSecondPass(atMs: number, table: ZoneTable): boolean {
  return table.some(([untilMs, offset], index) => {
    const next = table[index + 1];
    return next !== undefined && atMs >= untilMs && atMs < untilMs + (offset - next[1]) * 1000;
  });
}

/** IANA's zones of whole hours carry the opposite sign: Etc/GMT-2 is two hours ahead of UTC. */
function fixedZone(offsetSeconds: number): string | null {
  const hours = offsetSeconds / 3600;
  if (!Number.isInteger(hours) || hours < -12 || hours > 14) return null;
  return hours === 0 ? "Etc/UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}
