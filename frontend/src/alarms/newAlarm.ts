// What a new alarm starts from: the server's defaults, so that both mean the same by "not chosen". Pure.
import type { AlarmFields } from "../replica/types";

export const LABEL_MAX = 200;

/** An alarm that rings once at the wall time `start`, without a label yet. */
export function newAlarmFields(start: string): AlarmFields {
  return {
    label: "",
    enabled: true,
    schedule: { start, rrule: null, exdates: [], rdates: [] },
    time_zone: null,
    smart_wake_minutes: 0,
    snooze: { minutes: 9, limit: 3 },
    ring: { sound: "sunrise", ramp_seconds: 60, vibrate: true, challenge: "none", timeout_minutes: 10 },
    category: "other",
    priority: "normal",
    instructions: "",
    tags: [],
  };
}
