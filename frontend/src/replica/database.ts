// The IndexedDB of this origin, shared by all tabs and the service worker.
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { BaseRecord, MetaName, MetaValues, NoticeRecord, OutboxRecord } from "./records";

export const DATABASE = "smartalarm";
const VERSION = 1;

interface Schema extends DBSchema {
  base: { key: [string, string]; value: BaseRecord; indexes: { at: string } };
  outbox: { key: number; value: OutboxRecord };
  meta: { key: MetaName; value: MetaValues[MetaName] };
  notices: { key: string; value: NoticeRecord };
}

export type Db = IDBPDatabase<Schema>;
export type Stores = StoreNames<Schema>[];
export type Tx<Mode extends IDBTransactionMode = "readwrite"> = IDBPTransaction<Schema, Stores, Mode>;

export const ALL_STORES: Stores = ["base", "outbox", "meta", "notices"];

/** All keys of one kind in `base`. */
export function ofKind(kind: string): IDBKeyRange {
  return IDBKeyRange.bound([kind], [kind, []]);
}

/** Opens the database once, and again after it had to be closed for a newer version of the app. */
export class Disk {
  #opened: Promise<Db> | null = null;

  constructor(readonly name: string = DATABASE) {}

  db(): Promise<Db> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async read<N extends MetaName>(name: N): Promise<MetaValues[N] | undefined> {
    return (await (await this.db()).get("meta", name)) as MetaValues[N] | undefined;
  }

  async put<N extends MetaName>(name: N, value: MetaValues[N]): Promise<void> {
    await (await this.db()).put("meta", value, name);
  }

  /** Write a value while somebody is signed in: what comes late leaves nothing behind them. */
  async putInSession<N extends MetaName>(name: N, value: MetaValues[N]): Promise<void> {
    const tx = (await this.db()).transaction("meta", "readwrite");
    const session = (await tx.store.get("session")) as MetaValues["session"] | undefined;
    if (session && !session.isEnded) await tx.store.put(value, name);
    await tx.done;
  }

  /** Change a value in one transaction; undefined is left as it is. */
  async change<N extends MetaName>(name: N, change: (value: MetaValues[N]) => MetaValues[N]): Promise<void> {
    const tx = (await this.db()).transaction("meta", "readwrite");
    const value = (await tx.store.get(name)) as MetaValues[N] | undefined;
    if (value !== undefined) await tx.store.put(change(value), name);
    await tx.done;
  }

  /** A transaction in which this person is still signed in; null when somebody signed out in between. */
  async begin(stores: Stores, userId: string): Promise<Tx | null> {
    const tx = (await this.db()).transaction([...new Set<Stores[number]>([...stores, "meta"])], "readwrite");
    if ((await readMeta(tx, "session"))?.userId === userId) return tx;
    await tx.done;
    return null;
  }

  /** Forget all: who signs in next finds nothing. */
  async clear(): Promise<void> {
    const tx = (await this.db()).transaction(ALL_STORES, "readwrite");
    await Promise.all(ALL_STORES.map((store) => tx.objectStore(store).clear()));
    await tx.done;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened) (await opened).close();
  }

  #open(): Promise<Db> {
    const forget = () => {
      this.#opened = null;
    };
    const opened = openDB<Schema>(this.name, VERSION, {
      upgrade(db) {
        // Each version adds to what the one before made; a page of the older version closes first (`blocking`).
        const base = db.createObjectStore("base", { keyPath: ["kind", "id"] });
        base.createIndex("at", "at");
        db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
        db.createObjectStore("meta");
        db.createObjectStore("notices", { keyPath: "id" });
      },
      blocking: (_current, _blocked, event) => {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
    opened.catch(forget);
    return opened;
  }
}

/** A value of `meta` within a transaction. */
export async function readMeta<N extends MetaName>(tx: Tx<"readonly"> | Tx, name: N): Promise<MetaValues[N] | undefined> {
  return (await tx.objectStore("meta").get(name)) as MetaValues[N] | undefined;
}

export async function putMeta<N extends MetaName>(tx: Tx, name: N, value: MetaValues[N]): Promise<void> {
  await tx.objectStore("meta").put(value, name);
}
