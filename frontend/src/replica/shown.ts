// What is shown: the server's answer with the unsent edits on top. Pure.
import { apply, EMPTY, type Entity, type Fields } from "../sync/merge";
import type { Mutation } from "../sync/mutation";
import { visibleFields } from "./defaults";
import type { BaseRecord } from "./records";
import type { Kind, OccurrenceFields, Shown } from "./types";

const MINUTE_MS = 60_000;

/** The server's own sentence for a skip; screens know it by this text. */
export const SKIPPED_BY_PERSON = "You skipped this one.";

/** All that is shown of a kind, in the order of base and then of the edits. Occurrences have their own way, below. */
export function shownOf<K extends Exclude<Kind, "occurrence">>(
  kind: K,
  base: readonly BaseRecord[],
  outbox: readonly Mutation[],
): Shown<K>[] {
  const edits = grouped(of(kind, outbox));
  const shown: Shown<K>[] = [];
  for (const record of base) {
    const own = edits.get(record.id);
    edits.delete(record.id);
    if (own ?? !record.deleted) push(shown, kind, record.id, record, own ?? []);
  }
  for (const [id, own] of edits) push(shown, kind, id, EMPTY, own);
  return shown;
}

/** Base with the edits applied in order, each at its own clock: the same that the server will come to. */
export function merged(base: Entity, edits: readonly Mutation[]): Entity {
  return edits.reduce((entity, edit) => apply(entity, edit.fields, edit.clock).entity, base);
}

/**
 * Occurrences with unsent skips and answers shown. `recomputed`: of the alarms with unsent edits, what is to come now; it
 * takes the place of what the server had worked out from the alarm as it was.
 */
export function shownOccurrences(
  base: readonly BaseRecord[],
  outbox: readonly Mutation[],
  recomputed: ReadonlyMap<string, readonly { readonly id: string; readonly fields: OccurrenceFields }[]>,
  skips: ReadonlyMap<string, Entity> = new Map(),
): Shown<"occurrence">[] {
  const found = new Map<string, { fields: OccurrenceFields; isPending: boolean }>();
  for (const record of base) {
    const fields = record.fields as unknown as OccurrenceFields;
    if (record.deleted) continue;
    const isReplaced = record.version === 0 && fields.alarm_id !== null && recomputed.has(fields.alarm_id);
    if (!isReplaced) found.set(record.id, { fields, isPending: false });
  }
  const edited = new Set(of("alarm", outbox).map((edit) => edit.entity_id));
  const isMoving = of("profile", outbox).length > 0;
  for (const [alarmId, items] of recomputed) {
    const isPending = isMoving || edited.has(alarmId);
    for (const { id, fields } of items) if (!found.has(id)) found.set(id, { fields, isPending });
  }
  const skipEdits = grouped(of("skip", outbox));
  for (const [id, edits] of skipEdits) {
    const one = found.get(id);
    if (!one) continue;
    const isSkipped = merged(skips.get(id) ?? EMPTY, edits).fields["skipped"] === true;
    found.set(id, { fields: withSkip(one.fields, isSkipped), isPending: true });
  }
  for (const answer of of("answer", outbox)) {
    const id = answer.fields["occurrence_id"] as string;
    const one = found.get(id);
    const fields = one && answered(one.fields, answer.fields);
    if (fields) found.set(id, { fields, isPending: true });
  }
  return [...found]
    .map(([id, one]) => ({ kind: "occurrence" as const, id, ...one }))
    .sort((one, other) =>
      one.fields.at < other.fields.at ? -1 : one.fields.at > other.fields.at ? 1 : one.id < other.id ? -1 : 1,
    );
}

/** An occurrence after an answer; null when the answer changes nothing about it. */
export function answered(fields: OccurrenceFields, answer: Fields): OccurrenceFields | null {
  if (fields.state === "dismissed" || fields.state === "missed") return null;
  if (answer["event"] === "dismiss") return { ...fields, state: "dismissed", snoozed_until: null };
  if (answer["event"] !== "snooze") return null;
  const minutes = typeof answer["minutes"] === "number" ? answer["minutes"] : 9;
  const until = new Date(Date.parse(answer["at"] as string) + minutes * MINUTE_MS).toISOString();
  return { ...fields, state: "snoozed", snoozed_until: until };
}

/** A coming occurrence that is skipped, or not any more; a reason of another kind stays. */
export function withSkip(fields: OccurrenceFields, isSkipped: boolean): OccurrenceFields {
  if (fields.state !== "pending") return fields;
  if (isSkipped) return { ...fields, status: "skipped", reason: fields.reason ?? SKIPPED_BY_PERSON };
  const isOurs = fields.reason === SKIPPED_BY_PERSON;
  return isOurs ? { ...fields, status: "will_ring", reason: null } : fields;
}

function push<K extends Exclude<Kind, "occurrence">>(
  into: Shown<K>[],
  kind: K,
  id: string,
  base: Entity,
  edits: readonly Mutation[],
): void {
  const fields = visibleFields(kind, merged(base, edits));
  // The server checks types and bounds of what it keeps; what this device wrote was typed when it was written.
  if (fields) into.push({ kind, id, fields, isPending: edits.length > 0 } as unknown as Shown<K>);
}

function of(kind: string, outbox: readonly Mutation[]): Mutation[] {
  return outbox.filter((mutation) => mutation.kind === kind);
}

function grouped(mutations: readonly Mutation[]): Map<string, Mutation[]> {
  const found = new Map<string, Mutation[]>();
  for (const mutation of mutations) {
    const own = found.get(mutation.entity_id);
    if (own) own.push(mutation);
    else found.set(mutation.entity_id, [mutation]);
  }
  return found;
}
