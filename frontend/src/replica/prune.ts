// Forgets what has left the window that pulls cover; the server does not tell of it.
import { greatestClock } from "../sync/merge";
import { parseClock } from "../sync/clock";
import { ofKind, putMeta, readMeta, type Tx } from "./database";

const DAY_MS = 86_400_000;
const KEPT_BACK_MS = 14 * DAY_MS;
/** One that was to come and that nobody has told more of: it did not ring, its alarm was changed in time. */
const PASSED_MS = 60 * 60_000;
const TOMBSTONES_MS = 91 * DAY_MS;

/** Whether anything went. */
export async function prune(tx: Tx, nowMs: number): Promise<boolean> {
  const base = tx.objectStore("base");
  let hasGone = false;
  const oldest = new Date(nowMs - KEPT_BACK_MS).toISOString();
  for await (const cursor of base.index("at").iterate(IDBKeyRange.upperBound(oldest, true))) {
    await cursor.delete();
    hasGone = true;
  }
  const passed = IDBKeyRange.bound(new Date(nowMs - DAY_MS).toISOString(), new Date(nowMs - PASSED_MS).toISOString());
  for await (const cursor of base.index("at").iterate(passed)) {
    if (cursor.value.version > 0) continue;
    await cursor.delete();
    hasGone = true;
  }
  if (nowMs - ((await readMeta(tx, "pruned_at")) ?? 0) > DAY_MS) {
    await pruneTombstones(tx, nowMs);
    await putMeta(tx, "pruned_at", nowMs);
  }
  return hasGone;
}

/** Once a day: deleted things whose last write is older than any edit that the server still takes. */
async function pruneTombstones(tx: Tx, nowMs: number): Promise<void> {
  for (const kind of ["alarm", "device"]) {
    for (const record of await tx.objectStore("base").getAll(ofKind(kind))) {
      const stamp = record.deleted ? parseClock(greatestClock(record) ?? "") : null;
      if (stamp && stamp.ms < nowMs - TOMBSTONES_MS) await tx.objectStore("base").delete([kind, record.id]);
    }
  }
  const coming = IDBKeyRange.upperBound(new Date(nowMs - DAY_MS).toISOString());
  for (const record of await tx.objectStore("base").index("at").getAll(coming)) {
    if (record.version === 0) await tx.objectStore("base").delete([record.kind, record.id]);
  }
}
