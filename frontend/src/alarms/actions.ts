// What a person does to alarms in the list. Each shows at once and can be taken back.
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";

export function setEnabled(ids: readonly string[], enabled: boolean): Promise<void> {
  return replica.write(ids.map((id) => ({ kind: "alarm", id, fields: { enabled } })));
}

/** Switch each back to what it was. */
export function restoreEnabled(alarms: readonly Shown<"alarm">[]): Promise<void> {
  return replica.write(alarms.map(({ id, fields }) => ({ kind: "alarm", id, fields: { enabled: fields.enabled } })));
}

export function setDeleted(ids: readonly string[], deleted: boolean): Promise<void> {
  return replica.write(ids.map((id) => ({ kind: "alarm", id, fields: { deleted } })));
}
