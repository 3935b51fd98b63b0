// Sends the outbox in order, in batches. An edit that cannot be sent at all is set aside with a notice: nothing waits for ever.
import type { RoundPorts } from "./engine";
import { ALL_STORES } from "./database";
import { call, UNANSWERED, type Unanswered } from "./http";
import { rejection, settle, type Outcome } from "./outcomes";
import type { OutboxRecord } from "./records";
import { touched, type Topic } from "./topics";

const BATCH = 100;
/** The server takes 256 KiB; counted in characters, so with room for wide ones. */
const BATCH_CHARACTERS = 80_000;
/** Batches of one round: far more than anybody writes offline. */
const MOST_BATCHES = 1000;

/** Null when all was sent, else what is in the way. */
export async function pushAll(ports: RoundPorts): Promise<Unanswered | null> {
  let size = BATCH;
  for (let turn = 0; turn < MOST_BATCHES; turn++) {
    const db = await ports.disk.db();
    const waiting = await db.getAll("outbox", undefined, size);
    if (!waiting.length) return null;
    const batch = fitting(waiting);
    const clientId = await ports.disk.read("client_id");
    const answer = await call(ports, "POST", "/sync/push", { client_id: clientId, mutations: batch.map(toWire) });
    if (answer.type !== "answered") return answer;
    if (answer.status === 413 || answer.status === 422 || answer.status === 400) {
      if (batch.length > 1) {
        size = Math.max(1, Math.floor(batch.length / 2));
        continue;
      }
      await setAside(ports, batch[0]!, answer.status === 413 ? "too_large" : "unreadable");
      continue;
    }
    const outcomes = answer.status === 200 ? readOutcomes(answer.json) : null;
    const ids = new Set(outcomes?.map((outcome) => outcome.id));
    if (!outcomes || !batch.some((record) => ids.has(record.id))) return UNANSWERED("server");
    const tx = await ports.disk.begin(ALL_STORES, ports.userId);
    if (!tx) return UNANSWERED("signed_out");
    await settle(tx, batch, outcomes);
    await tx.done;
    note(batch, ports.changed);
  }
  return UNANSWERED("server");
}

async function setAside(ports: RoundPorts, record: OutboxRecord, code: string): Promise<void> {
  const tx = await ports.disk.begin(["outbox", "notices"], ports.userId);
  if (!tx) return;
  await tx.objectStore("outbox").delete(record.seq!);
  await tx.objectStore("notices").put(rejection(record, code, null));
  await tx.done;
  note([record], ports.changed);
}

function fitting(waiting: readonly OutboxRecord[]): OutboxRecord[] {
  let characters = 0;
  const end = waiting.findIndex((record) => (characters += JSON.stringify(record).length) > BATCH_CHARACTERS);
  return waiting.slice(0, end < 0 ? undefined : Math.max(1, end));
}

function toWire({ id, kind, entity_id, fields, clock }: OutboxRecord) {
  return { id, kind, entity_id, fields, clock };
}

function readOutcomes(json: unknown): Outcome[] | null {
  const outcomes = (json as { readonly outcomes?: unknown } | null)?.outcomes;
  return Array.isArray(outcomes) ? (outcomes as Outcome[]) : null;
}

function note(batch: readonly OutboxRecord[], changed: Set<Topic>): void {
  for (const record of batch) for (const topic of touched(record.kind)) changed.add(topic);
}
