// Coming occurrences of alarms with unsent edits, worked out on the device until the server has told its own.
import { EMPTY, type Entity, type Fields } from "../sync/merge";
import type { Mutation } from "../sync/mutation";
import type { coming as askComing } from "../time/clientOfWorker";
import type { TimedAlarm } from "../time/preview";
import { visibleFields } from "./defaults";
import type { BaseRecord } from "./records";
import { merged } from "./shown";
import type { OccurrenceFields, ZoneTable } from "./types";

/** As far as the server looks ahead. */
const AHEAD_MS = 48 * 3_600_000;

export interface Known {
  readonly alarms: readonly BaseRecord[];
  readonly skips: readonly BaseRecord[];
  readonly profile: readonly BaseRecord[];
  readonly outbox: readonly Mutation[];
  /** Ids of alarms, or `me`, whose edits left the outbox, but no pull has told since. */
  readonly unpulled: readonly string[];
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly nowMs: number;
}

/** By alarm, what is to come; an alarm that is missing keeps what the server told of it. */
export type Recomputed = ReadonlyMap<string, readonly { readonly id: string; readonly fields: OccurrenceFields }[]>;
export type Recompute = (known: Known) => Promise<Recomputed>;

/** Asks `coming` (the calendar in the worker) for the alarms that an unsent edit concerns. */
export function recomputeWith(coming: typeof askComing): Recompute {
  return async (known) => {
    const found = new Map<string, readonly { readonly id: string; readonly fields: OccurrenceFields }[]>();
    const profile = mergedOf("profile", "me", known.profile, known.outbox);
    const userZone = typeof profile["time_zone"] === "string" ? profile["time_zone"] : "UTC";
    const isMoving = ({ kind, fields }: Mutation) => kind === "profile" && Object.hasOwn(fields, "time_zone");
    const isMoved = known.unpulled.includes("me") || known.outbox.some(isMoving);
    const waiting = known.outbox.filter(({ kind }) => kind === "alarm").map((edit) => edit.entity_id);
    const edited = new Set([...waiting, ...known.unpulled.filter((id) => id !== "me")]);
    const timed: TimedAlarm[] = [];
    for (const id of new Set([...edited, ...(isMoved ? known.alarms.map((alarm) => alarm.id) : [])])) {
      const fields = visibleFields("alarm", entityOf("alarm", id, known.alarms, known.outbox));
      if (!fields) found.set(id, []);
      else if (edited.has(id) || fields["time_zone"] === null) timed.push({ id, ...fields } as unknown as TimedAlarm);
    }
    if (timed.length) {
      const zones = { tables: known.zones, userZone };
      const answer = await coming(timed, zones, known.nowMs, known.nowMs + AHEAD_MS, skipped(known)).catch(() => null);
      for (const [id, items] of Object.entries(answer ?? {})) if (items) found.set(id, items);
    }
    return found;
  };
}

/** The worker is loaded with the first unsent edit of an alarm, not before. */
export const recompute: Recompute = async (known) => {
  const { coming } = await import("../time/clientOfWorker");
  return recomputeWith(coming)(known);
};

/** Ids of the occurrences that the person skips, unsent ones included. */
function skipped({ skips, outbox }: Known): string[] {
  const ids = new Set([...skips.map((skip) => skip.id), ...outbox.filter(isSkip).map((edit) => edit.entity_id)]);
  return [...ids].filter((id) => mergedOf("skip", id, skips, outbox)["skipped"] === true);
}

function isSkip({ kind }: Mutation): boolean {
  return kind === "skip";
}

function mergedOf(kind: string, id: string, base: readonly BaseRecord[], outbox: readonly Mutation[]): Fields {
  return entityOf(kind, id, base, outbox).fields;
}

function entityOf(kind: string, id: string, base: readonly BaseRecord[], outbox: readonly Mutation[]): Entity {
  const edits = outbox.filter((edit) => edit.kind === kind && edit.entity_id === id);
  return merged(base.find((record) => record.id === id) ?? EMPTY, edits);
}
