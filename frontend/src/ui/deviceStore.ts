// A few small things that belong to this device alone and are never synced: its look, its shortcuts, what was offered.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

interface Kept extends DBSchema {
  kept: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function open(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("smartalarm-device", 1, {
    upgrade: (db) => void db.createObjectStore("kept"),
  });
  return opened;
}

/** What was kept under a name; undefined also where the browser keeps nothing (a private window). */
export async function recall<Value>(name: string): Promise<Value | undefined> {
  try {
    return (await (await open()).get("kept", name)) as Value | undefined;
  } catch {
    return undefined;
  }
}

/** Keep a value. Losing it costs a default and nothing else, so a full disk is not told. */
export async function keep(name: string, value: unknown): Promise<void> {
  try {
    await (await open()).put("kept", value, name);
  } catch {
    return;
  }
}
