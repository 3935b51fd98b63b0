// Dates of alarms by the wall. Pure.
import type { AlarmFields } from "../replica/types";

/** The first date on which this time is still to come. */
export function nextDate(time: string, nowLocal: string): string {
  const today = nowLocal.slice(0, 10);
  return time > nowLocal.slice(11, 16) ? today : addDays(today, 1);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Switched on again after its only date: the schedule for the next day that has its time; null while it has dates to come. */
export function movedOn({ schedule }: Pick<AlarmFields, "schedule">, nowLocal: string): AlarmFields["schedule"] | null {
  const isOver = [schedule.start, ...schedule.rdates].every((wall) => wall <= nowLocal);
  if (schedule.rrule !== null || !isOver) return null;
  const time = schedule.start.slice(11);
  return { ...schedule, start: `${nextDate(time.slice(0, 5), nowLocal)}T${time}` };
}
