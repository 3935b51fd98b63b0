// What the service worker must know without a page and without the network, in a small database of its own: it opens in a
// millisecond and is there before the first sync. Pages write it, pages and worker read it.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { newId } from "../replica/ids";
import type { Locale } from "../i18n/locale";
import type { OccurrenceState } from "./payload";

export interface Known {
  readonly deviceId: string | null;
  readonly locale: Locale | null;
  readonly hourCycle: "h12" | "h23" | null;
  readonly hidesLabel: boolean;
  readonly deviceNames: Readonly<Record<string, string>>;
}

/** How far an occurrence is known to have come: a ring that arrives late must not undo it. */
export interface Settled {
  readonly id: string;
  readonly state: OccurrenceState;
  readonly ringCount: number;
  readonly at: number;
}

/** What the last look at this device's readiness found. Times in epoch milliseconds. */
export interface LastTest {
  readonly testedAt: number;
  /** From leaving the server to being shown; null: it did not come. */
  readonly latencyMs: number | null;
  /** The subscription that was tested. */
  readonly endpoint: string;
}

interface Values {
  readonly known: Known;
  readonly settled: readonly Settled[];
  readonly lastTest: LastTest;
  /** When the app last checked by itself. */
  readonly checkedAt: number;
  /** The browser renewed its subscription and the server was not told. */
  readonly isRenewalOwed: boolean;
  /** This browser was put among the person's devices: if it is gone from there, somebody removed it. */
  readonly isRegistered: boolean;
}

type Name = keyof Values;

interface Schema extends DBSchema {
  readonly values: { readonly key: Name; readonly value: Values[Name] };
}

export const PUSH_DATABASE = "smartalarm-push";
export const NOTHING_KNOWN: Known = {
  deviceId: null,
  locale: null,
  hourCycle: null,
  hidesLabel: true, // unknown is private
  deviceNames: {},
};
const MAX_SETTLED = 50;

let opened: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(PUSH_DATABASE, 1, {
    upgrade: (db) => void db.createObjectStore("values"),
    blocking: () => void close(),
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function close(): Promise<void> {
  const open = opened;
  opened = null;
  (await open)?.close();
}

export async function readValue<N extends Name>(name: N): Promise<Values[N] | null> {
  return ((await (await database()).get("values", name)) as Values[N] | undefined) ?? null;
}

export async function writeValue<N extends Name>(name: N, value: Values[N]): Promise<void> {
  await (await database()).put("values", value, name);
}

/** Change what is known, in one transaction: tabs may do so at once. */
export async function changeKnown(change: Partial<Known>): Promise<void> {
  const transaction = (await database()).transaction("values", "readwrite");
  const before = ((await transaction.store.get("known")) as Known | undefined) ?? NOTHING_KNOWN;
  await transaction.store.put({ ...before, ...change }, "known");
  await transaction.done;
}

/** This device's id; made once and kept until sign-out. */
export async function ownDeviceId(makeId: () => string = newId): Promise<string> {
  const transaction = (await database()).transaction("values", "readwrite");
  const before = ((await transaction.store.get("known")) as Known | undefined) ?? NOTHING_KNOWN;
  const deviceId = before.deviceId ?? makeId();
  if (before.deviceId === null) await transaction.store.put({ ...before, deviceId }, "known");
  await transaction.done;
  return deviceId;
}

/** Note how far an occurrence has come; the newest few are kept. */
export async function noteSettled(settled: Settled): Promise<void> {
  const transaction = (await database()).transaction("values", "readwrite");
  const before = ((await transaction.store.get("settled")) as readonly Settled[] | undefined) ?? [];
  const others = before.filter((one) => one.id !== settled.id);
  await transaction.store.put([settled, ...others].slice(0, MAX_SETTLED), "settled");
  await transaction.done;
}

/** Sign-out: forget everything. */
export async function forgetAll(): Promise<void> {
  await (await database()).clear("values");
}
