// When a smart wake may be decided: then the server needs each half minute at once. Pure.
import type { AlarmFields, OccurrenceFields, Shown } from "../replica/types";

const MINUTE_MS = 60_000;
/** Around the window: this device's clock, and how long an epoch takes. */
const SPARE_MS = MINUTE_MS;

/** Whether one of the alarms to come may ring early by now. */
export function isSmartWakeOpen(
  occurrences: readonly Pick<Shown<"occurrence">, "fields">[],
  alarms: readonly { readonly id: string; readonly fields: Pick<AlarmFields, "smart_wake_minutes" | "enabled"> }[],
  nowMs: number,
): boolean {
  const minutes = new Map(alarms.map(({ id, fields }) => [id, fields.enabled ? fields.smart_wake_minutes : 0]));
  return occurrences.some(({ fields }) => {
    const before = fields.alarm_id === null ? 0 : (minutes.get(fields.alarm_id) ?? 0);
    if (before === 0 || !isToCome(fields)) return false;
    const at = Date.parse(fields.at);
    return nowMs >= at - before * MINUTE_MS - SPARE_MS && nowMs <= at + SPARE_MS;
  });
}

function isToCome({ state, status }: OccurrenceFields): boolean {
  return state === "pending" && status !== "skipped";
}
