// Coming occurrences of alarms with unsent edits, worked out on the device until the server has told its own.
import { isDeleted } from "../sync/merge";
import type { BaseRecord, OutboxRecord } from "./records";
import { merged } from "./shown";
import type { OccurrenceFields, ZoneTable } from "./types";

export interface Known {
  readonly alarms: readonly BaseRecord[];
  readonly profile: readonly BaseRecord[];
  readonly outbox: readonly OutboxRecord[];
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly nowMs: number;
}

export type Recomputed = ReadonlyMap<string, readonly { readonly id: string; readonly fields: OccurrenceFields }[]>;
export type Recompute = (known: Known) => Promise<Recomputed>;

/** Only what needs no calendar: deleted and switched-off alarms have nothing to come. */
export const withoutCalendar: Recompute = (known) => {
  const found = new Map<string, []>();
  for (const edit of known.outbox) {
    if (edit.kind !== "alarm") continue;
    const base = known.alarms.find((alarm) => alarm.id === edit.entity_id) ?? { fields: {}, clocks: {} };
    const entity = merged(
      base,
      known.outbox.filter((other) => other.kind === "alarm" && other.entity_id === edit.entity_id),
    );
    if (isDeleted(entity) || entity.fields["enabled"] === false) found.set(edit.entity_id, []);
  }
  return Promise.resolve(found);
};
