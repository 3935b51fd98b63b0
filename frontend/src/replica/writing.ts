// Edits become mutations in the outbox, each with its clock, in one transaction with what the clock depends on.
import { greatest, tick } from "../sync/clock";
import type { Fields } from "../sync/merge";
import { admit, isRejection, type Mutation } from "../sync/mutation";
import { readMeta, type Disk, type Tx } from "./database";

export interface Write {
  readonly kind: string;
  readonly id: string;
  readonly fields: Fields;
}

/** What an edit needs of the world. `now` is corrected by the server's clock. */
export interface WritingPorts {
  readonly disk: Disk;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Put the edits into the outbox. Throws TypeError for one that the server would refuse at sight: nothing is written. */
export async function writeEdits({ disk, now, newId }: WritingPorts, writes: readonly Write[]): Promise<Mutation[]> {
  const tx = (await disk.db()).transaction(["outbox", "meta"], "readwrite");
  try {
    const mutations = await append(tx, writes, now(), newId);
    await tx.done;
    return mutations;
  } catch (error) {
    tx.done.catch(() => undefined);
    tx.abort();
    throw error;
  }
}

/** The same within a transaction that does more. */
export async function append(tx: Tx, writes: readonly Write[], nowMs: number, newId: () => string): Promise<Mutation[]> {
  if (!(await readMeta(tx, "session"))) throw new Error("Nobody is signed in.");
  const clientId = await ownClientId(tx, newId);
  // The outbox is in the order of its clocks, so its last one is the greatest; what left it was recorded by the server.
  const last = await tx.objectStore("outbox").openCursor(null, "prev");
  let latest = greatest([last?.value.clock, await readMeta(tx, "seen_clock")]);
  const mutations = writes.map(({ kind, id, fields }) => {
    latest = tick(clientId, nowMs, latest);
    const mutation = admit({ id: newId(), kind, entity_id: id, fields, clock: latest }, nowMs);
    if (isRejection(mutation)) throw new TypeError(`${mutation.code} at ${mutation.pointer} of a ${kind}`);
    return mutation;
  });
  await Promise.all(mutations.map((mutation) => tx.objectStore("outbox").add(mutation)));
  return mutations;
}

async function ownClientId(tx: Tx, newId: () => string): Promise<string> {
  const known = await readMeta(tx, "client_id");
  if (known) return known;
  const made = newId();
  await tx.objectStore("meta").put(made, "client_id");
  return made;
}
