// Alarms for tests.
import type { AlarmFields, Shown } from "../replica/types";
import { newAlarmFields } from "./newAlarm";

export function alarmOf(id: string, fields: Partial<AlarmFields> = {}, isPending = false): Shown<"alarm"> {
  return { kind: "alarm", id, fields: { ...newAlarmFields("2026-12-01T07:00:00"), label: id, ...fields }, isPending };
}
