// What a person does to alarms in the list. Each shows at once and can be taken back.
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";
import { movedOn } from "./dates";

/** An alarm for a single date that is over, switched on, means the next day. `nowLocal`: the wall time in a zone. */
export function setEnabled(
  alarms: readonly Shown<"alarm">[],
  enabled: boolean,
  nowLocal: (zone: string | null) => string,
): Promise<void> {
  return replica.write(
    alarms.map(({ id, fields }) => {
      const schedule = enabled ? movedOn(fields, nowLocal(fields.time_zone)) : null;
      return { kind: "alarm", id, fields: schedule ? { enabled, schedule } : { enabled } };
    }),
  );
}

/** Switch each back to what it was. */
export function restoreEnabled(alarms: readonly Shown<"alarm">[]): Promise<void> {
  return replica.write(
    alarms.map(({ id, fields: { enabled, schedule } }) => {
      const wasMoved = !enabled && schedule.rrule === null;
      return { kind: "alarm", id, fields: wasMoved ? { enabled, schedule } : { enabled } };
    }),
  );
}

export function setDeleted(ids: readonly string[], deleted: boolean): Promise<void> {
  return replica.write(ids.map((id) => ({ kind: "alarm", id, fields: { deleted } })));
}
