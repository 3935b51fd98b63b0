// What screens see, in memory: each kind is read from the disk when somebody first asks, and again when it changed.
import { ofKind, type Disk } from "./database";
import type { NoticeRecord, OffsetRecord } from "./records";
import { shownOccurrences, shownOf } from "./shown";
import { KINDS, type Topic } from "./topics";
import type { Kind, Notice, Shown, ZoneTable } from "./types";
import type { Mutation } from "../sync/mutation";
import type { Recompute, Recomputed } from "./coming";

const DAY_MS = 86_400_000;

export interface Stored {
  readonly unsent: number;
  readonly pulledAt: number | null;
  readonly offset: OffsetRecord | null;
  readonly notices: readonly Notice[];
  readonly isEnded: boolean;
}

interface Values extends Record<Kind, readonly Shown<Kind>[]> {
  zones: Readonly<Record<string, ZoneTable>>;
  state: Stored;
}

export interface SnapshotPorts {
  disk(): Disk;
  now(): number;
  readonly recompute: Recompute;
}

export class Snapshots {
  #values: Partial<Values> = {};
  readonly #listeners = new Map<Topic, Set<() => void>>();
  readonly #loading = new Set<Topic>();
  readonly #stale = new Set<Topic>();
  #era = 0;

  constructor(readonly ports: SnapshotPorts) {}

  get<T extends Topic>(topic: T): Values[T] | null {
    const value = this.#values[topic];
    if (value === undefined) this.#load(topic);
    return value ?? null;
  }

  subscribe(topic: Topic, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Read again what somebody has asked for. */
  refresh(topics: Iterable<Topic>): void {
    for (const topic of topics) if (topic in this.#values || this.#loading.has(topic)) this.#load(topic);
  }

  /** Somebody signed out: nothing is known. */
  clear(): void {
    this.#era += 1;
    this.#values = {};
    for (const topic of [...KINDS, "zones", "state"] as const) this.notify(topic);
  }

  notify(topic: Topic): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener();
  }

  #load(topic: Topic): void {
    if (this.#loading.has(topic)) {
      this.#stale.add(topic);
      return;
    }
    this.#loading.add(topic);
    const era = this.#era;
    void this.#read(topic)
      .then((value) => {
        if (era === this.#era) this.#set(topic, value);
      })
      .catch(() => undefined) // the disk was closed or is full of trouble: what is in memory stays
      .finally(() => {
        this.#loading.delete(topic);
        if (this.#stale.delete(topic)) this.#load(topic);
      });
  }

  #set(topic: Topic, value: Values[Topic]): void {
    const before = this.#values[topic];
    const next = Array.isArray(before) && Array.isArray(value) ? kept(before as Shown<Kind>[], value) : value;
    if (next === before) return;
    (this.#values as Record<Topic, unknown>)[topic] = next;
    this.notify(topic);
  }

  async #read(topic: Topic): Promise<Values[Topic]> {
    if (topic === "zones") return (await this.ports.disk().read("zones")) ?? {};
    if (topic === "state") return this.#readState();
    if (topic === "occurrence") return this.#readOccurrences();
    const tx = (await this.ports.disk().db()).transaction(["base", "outbox"]);
    const [base, outbox] = await Promise.all([
      tx.objectStore("base").getAll(ofKind(topic)),
      tx.objectStore("outbox").getAll(),
    ]);
    return shownOf(topic, base, outbox);
  }

  async #readOccurrences(): Promise<Shown<"occurrence">[]> {
    const from = IDBKeyRange.lowerBound(new Date(this.ports.now() - DAY_MS).toISOString());
    const tx = (await this.ports.disk().db()).transaction(["base", "outbox", "meta"]);
    const [base, outbox, alarms, skips, profile, zones, unpulled = []] = await Promise.all([
      tx.objectStore("base").index("at").getAll(from),
      tx.objectStore("outbox").getAll(),
      tx.objectStore("base").getAll(ofKind("alarm")),
      tx.objectStore("base").getAll(ofKind("skip")),
      tx.objectStore("base").getAll(ofKind("profile")),
      tx.objectStore("meta").get("zones") as Promise<Values["zones"] | undefined>,
      tx.objectStore("meta").get("unpulled") as Promise<readonly string[] | undefined>,
    ]);
    const isConcerned = unpulled.length > 0 || outbox.some(({ kind }) => kind === "alarm" || kind === "profile");
    const known = { alarms, skips, profile, outbox, unpulled, zones: zones ?? {}, nowMs: this.ports.now() };
    const recomputed: Recomputed = isConcerned ? await this.ports.recompute(known) : new Map();
    return shownOccurrences(base, outbox, recomputed, new Map(skips.map((skip) => [skip.id, skip])));
  }

  async #readState(): Promise<Stored> {
    const tx = (await this.ports.disk().db()).transaction(["outbox", "meta", "notices"]);
    const meta = tx.objectStore("meta");
    const [outbox, pulledAt, offset, notices, session] = await Promise.all([
      tx.objectStore("outbox").getAll(),
      meta.get("pulled_at") as Promise<number | undefined>,
      meta.get("offset") as Promise<OffsetRecord | undefined>,
      tx.objectStore("notices").getAll(),
      meta.get("session") as Promise<{ readonly isEnded: boolean } | undefined>,
    ]);
    return {
      unsent: outbox.filter((mutation) => !isReport(mutation)).length,
      pulledAt: pulledAt ?? null,
      offset: offset ?? null,
      notices: notices.filter((notice: NoticeRecord) => !notice.awaits),
      isEnded: session?.isEnded ?? false,
    };
  }
}

/** What this device tells of a ring: nobody made it, so nobody is told that it waits. */
function isReport({ kind, fields }: Mutation): boolean {
  return kind === "answer" && (fields["event"] === "shown" || fields["event"] === "heard");
}

/** The new array with those of the old things that are still the same; the old array when all are. */
function kept(before: readonly Shown<Kind>[], after: readonly Shown<Kind>[]): readonly Shown<Kind>[] {
  const old = new Map(before.map((one) => [one.id, one]));
  const next = after.map((one) => {
    const same = old.get(one.id);
    return same && isSame(same, one) ? same : one;
  });
  return next.length === before.length && next.every((one, place) => one === before[place]) ? before : next;
}

function isSame(one: Shown<Kind>, other: Shown<Kind>): boolean {
  return one.isPending === other.isPending && JSON.stringify(one.fields) === JSON.stringify(other.fields);
}
