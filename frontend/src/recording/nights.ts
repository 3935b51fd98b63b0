// The nights that are being recorded, or not all sent yet, in a small database of their own. Counts alone: no raw movement.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Epoch } from "./counter";

/** A stretch in which this device observed nothing, epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  /** The page was hidden or the screen off; it was closed; or the sensor said nothing. */
  readonly reason: "hidden" | "closed" | "silent";
}

export interface Night {
  readonly id: string;
  readonly userId: string;
  /** Null while the server does not know this device. */
  readonly deviceId: string | null;
  readonly timeZone: string;
  /** Whole seconds, as the server keeps them; in epoch milliseconds as all instants here. */
  readonly startAt: number;
  /** The server knows of it. */
  readonly isTold: boolean;
  /** The next epoch to come. */
  readonly next: number;
  /** When it was recorded last. */
  readonly lastAt: number;
  /** Null while it goes on. */
  readonly endedAt: number | null;
  readonly pauses: readonly Pause[];
}

interface WaitingEpoch extends Epoch {
  readonly night: string;
}

interface Schema extends DBSchema {
  readonly nights: { readonly key: string; readonly value: Night };
  /** Those that the server has not confirmed. */
  readonly epochs: { readonly key: [night: string, index: number]; readonly value: WaitingEpoch };
  readonly values: { readonly key: "isWanted"; readonly value: boolean };
}

export const NIGHTS_DATABASE = "smartalarm-nights";
/** More are never shown; what lies here for longer was not sent for months. */
const MOST_PAUSES = 100;

export class Nights {
  #opened: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(readonly name: string = NIGHTS_DATABASE) {}

  async begin(night: Night): Promise<void> {
    await (await this.#db()).put("nights", night);
  }

  async read(id: string): Promise<Night | undefined> {
    return (await this.#db()).get("nights", id);
  }

  /** A person's nights on this device, the oldest first. */
  async of(userId: string): Promise<Night[]> {
    const all = await (await this.#db()).getAll("nights");
    return all.filter((night) => night.userId === userId).sort((a, b) => a.startAt - b.startAt);
  }

  /** Changes what is known of a night; of one that was forgotten meanwhile nothing is written. */
  async change(id: string, change: Partial<Pick<Night, "isTold" | "endedAt" | "lastAt">>): Promise<void> {
    const tx = (await this.#db()).transaction("nights", "readwrite");
    const night = await tx.store.get(id);
    if (night) await tx.store.put({ ...night, ...change });
    await tx.done;
  }

  async addPause(id: string, pause: Pause): Promise<void> {
    const tx = (await this.#db()).transaction("nights", "readwrite");
    const night = await tx.store.get(id);
    if (night) await tx.store.put({ ...night, pauses: [...night.pauses, pause].slice(-MOST_PAUSES) });
    await tx.done;
  }

  /** Keep epochs until they are sent. */
  async add(id: string, epochs: readonly Epoch[], lastAt: number): Promise<void> {
    const tx = (await this.#db()).transaction(["nights", "epochs"], "readwrite");
    const night = await tx.objectStore("nights").get(id);
    if (night) {
      const next = epochs.reduce((after, { index }) => Math.max(after, index + 1), night.next);
      await tx.objectStore("nights").put({ ...night, next, lastAt });
      await Promise.all(epochs.map((epoch) => tx.objectStore("epochs").put({ ...epoch, night: id })));
    }
    await tx.done;
  }

  /** The first epochs that wait, in order. */
  async waiting(id: string, limit: number): Promise<Epoch[]> {
    return (await this.#db()).getAll("epochs", ofNight(id), limit);
  }

  async countWaiting(id: string): Promise<number> {
    return (await this.#db()).count("epochs", ofNight(id));
  }

  /** The server has these. */
  async sent(id: string, first: number, last: number): Promise<void> {
    await (await this.#db()).delete("epochs", IDBKeyRange.bound([id, first], [id, last]));
  }

  async forget(id: string): Promise<void> {
    const tx = (await this.#db()).transaction(["nights", "epochs"], "readwrite");
    await tx.objectStore("nights").delete(id);
    await tx.objectStore("epochs").delete(ofNight(id));
    await tx.done;
  }

  /** Whether the person recorded last time. */
  async isWanted(): Promise<boolean> {
    return (await (await this.#db()).get("values", "isWanted")) ?? false;
  }

  async want(isWanted: boolean): Promise<void> {
    await (await this.#db()).put("values", isWanted, "isWanted");
  }

  /** Sign-out: forget everything. */
  async clear(): Promise<void> {
    const tx = (await this.#db()).transaction(["nights", "epochs", "values"], "readwrite");
    await Promise.all([
      tx.objectStore("nights").clear(),
      tx.objectStore("epochs").clear(),
      tx.objectStore("values").clear(),
      tx.done,
    ]);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    (await opened)?.close();
  }

  #db(): Promise<IDBPDatabase<Schema>> {
    const forget = () => (this.#opened = null);
    this.#opened ??= openDB<Schema>(this.name, 1, {
      upgrade(db) {
        db.createObjectStore("nights", { keyPath: "id" });
        db.createObjectStore("epochs", { keyPath: ["night", "index"] });
        db.createObjectStore("values");
      },
      blocking: () => void this.close(),
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return this.#opened;
  }
}

function ofNight(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}
