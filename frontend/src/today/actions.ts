// What a person does on Today: skip, unskip, settle a snooze, take a nap. Each shows at once and can be taken back.
import { replica } from "../replica/replica";
import type { AlarmFields } from "../replica/types";
import type { Due } from "./todayView";

export function skip(occurrenceId: string, isSkipped: boolean): Promise<void> {
  return replica.write([{ kind: "skip", id: occurrenceId, fields: { skipped: isSkipped } }]);
}

export function dismiss({ id, occurrence }: Due): Promise<void> {
  const at = new Date(replica.now()).toISOString();
  return replica.answer({ occurrence_id: id, event: "dismiss", ring: occurrence.ring_count, at, minutes: null });
}

/** Clears old naps away too. Gives what takes the new one back. */
export async function createNap(fields: AlarmFields, oldIds: readonly string[]): Promise<() => void> {
  const id = crypto.randomUUID();
  const cleared = oldIds.map((old) => ({ kind: "alarm", id: old, fields: { deleted: true } }) as const);
  await replica.write([{ kind: "alarm", id, fields: { ...fields, deleted: false } }, ...cleared]);
  return () => void replica.write([{ kind: "alarm", id, fields: { deleted: true } }]);
}
