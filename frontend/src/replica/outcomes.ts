// What an outcome of the push does to the disk: the edit leaves the outbox, base takes what won, what lost is noted.
import { canonicalJson } from "../sync/canonical";
import { greatest } from "../sync/clock";
import { apply, EMPTY } from "../sync/merge";
import type { Mutation } from "../sync/mutation";
import { putMeta, readMeta, type Tx } from "./database";
import type { BaseRecord, NoticeRecord, OutboxRecord } from "./records";
import { answered, withSkip } from "./shown";
import type { Notice, OccurrenceFields } from "./types";

/** One mutation's answer, as the server sends it. */
export interface Outcome {
  readonly id: string;
  readonly outcome: "applied" | "merged" | "superseded" | "rejected";
  readonly clock: string;
  readonly code?: string | null;
  readonly pointer?: string | null;
}

/** Apply the outcomes of one push within a transaction over all stores. */
export async function settle(tx: Tx, sent: readonly OutboxRecord[], outcomes: readonly Outcome[]): Promise<void> {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  let seen = await readMeta(tx, "seen_clock");
  const unpulled = new Set(await readMeta(tx, "unpulled"));
  for (const record of sent) {
    const outcome = byId.get(record.id);
    if (!outcome) continue; // not answered: it is sent again
    await tx.objectStore("outbox").delete(record.seq!);
    if (outcome.outcome === "rejected") {
      await tx.objectStore("notices").put(rejection(record, outcome.code ?? null, outcome.pointer ?? null));
      continue;
    }
    seen = greatest([seen, outcome.clock]) ?? seen;
    if (record.kind === "alarm" || record.kind === "profile") unpulled.add(record.entity_id);
    if (outcome.outcome !== "applied") {
      await tx.objectStore("notices").put(noticeOf(record, "superseded", outcome.clock, { awaits: true }));
    }
    // Of a merged one the server does not say which fields won: all are put on top of what we know, and the pull that
    // follows at once replaces them.
    if (outcome.outcome !== "superseded") await takeOver(tx, record, outcome.clock);
  }
  if (seen !== undefined) await putMeta(tx, "seen_clock", seen);
  if (unpulled.size) await putMeta(tx, "unpulled", [...unpulled]);
}

/** The notice of an edit that was refused: by the server, or here because the server cannot read it. */
export function rejection(record: OutboxRecord, code: string | null, pointer: string | null): NoticeRecord {
  return { ...noticeOf(record, "rejected", record.clock, { awaits: false }), code, pointer };
}

/** After a complete pull: of the edits that lost, keep those whose fields now hold another value of somebody else. */
export async function judgeLost(tx: Tx): Promise<boolean> {
  const awaiting = (await tx.objectStore("notices").getAll()).filter((notice) => notice.awaits);
  const clientId = await readMeta(tx, "client_id");
  for (const notice of awaiting) {
    const base = await tx.objectStore("base").get([notice.kind, notice.entityId]);
    const lost = Object.entries(notice.fields).filter(([name, value]) => {
      const clock = base?.clocks[name];
      const isOwn = clock === undefined || clock.slice(19) === clientId; // our own later edit is no loss
      return !isOwn && clock > notice.clock && canonicalJson(base!.fields[name] ?? null) !== canonicalJson(value);
    });
    if (lost.length) {
      const fields = Object.fromEntries(lost);
      await tx.objectStore("notices").put({ ...notice, fields, awaits: false });
    } else {
      await tx.objectStore("notices").delete(notice.id);
    }
  }
  return awaiting.length > 0;
}

/** After a complete pull: of what it did not tell, nothing lives. The kinds of what went. */
export async function dropProvisional(tx: Tx): Promise<string[]> {
  const gone: string[] = [];
  for (const [kind, id] of (await readMeta(tx, "provisional")) ?? []) {
    if (!(await tx.objectStore("base").get([kind, id]))?.isProvisional) continue;
    await tx.objectStore("base").delete([kind, id]);
    gone.push(kind);
  }
  await tx.objectStore("meta").delete("provisional");
  return gone;
}

async function takeOver(tx: Tx, mutation: Mutation, clock: string): Promise<void> {
  const base = tx.objectStore("base");
  if (mutation.kind === "answer") {
    const known = await base.get(["occurrence", mutation.fields["occurrence_id"] as string]);
    const fields = known && !known.deleted && answered(known.fields as unknown as OccurrenceFields, mutation.fields);
    if (fields) await base.put({ ...known, fields: { ...fields } });
    return;
  }
  if (mutation.kind === "skip") {
    // What is to come of it was told before the skip: until the pull tells anew it would show as it was.
    const due = await base.get(["occurrence", mutation.entity_id]);
    const isSkipped = mutation.fields["skipped"] === true;
    const fields = due && !due.deleted && withSkip(due.fields as unknown as OccurrenceFields, isSkipped);
    if (fields) await base.put({ ...due, fields: { ...fields } });
  }
  const known = await base.get([mutation.kind, mutation.entity_id]);
  const { entity } = apply(known ?? EMPTY, mutation.fields, clock);
  const record: BaseRecord = {
    kind: mutation.kind,
    id: mutation.entity_id,
    version: known?.version ?? 0,
    deleted: entity.fields["deleted"] === true,
    ...entity,
  };
  if (known && !known.isProvisional) {
    await base.put(record);
    return;
  }
  // A first pull leaves tombstones out: what we do not know may be deleted, and the answer may be one from before that.
  await base.put({ ...record, isProvisional: true });
  if (!known) {
    const others = (await readMeta(tx, "provisional")) ?? [];
    await putMeta(tx, "provisional", [...others, [record.kind, record.id]]);
  }
}

function noticeOf(
  record: OutboxRecord,
  type: Notice["type"],
  clock: string,
  { awaits }: { readonly awaits: boolean },
): NoticeRecord {
  const { id, kind, entity_id: entityId, fields } = record;
  return { id, type, kind: kind as Notice["kind"], entityId, fields, code: null, pointer: null, clock, awaits };
}
