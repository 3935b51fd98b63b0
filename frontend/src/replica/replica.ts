// The device's copy of what is synced. This is the door for screens; the engine behind it is opened at sign-in.
import type { AnswerFields, FieldsOf, Kind, Shown, SyncState, WritableKind, ZoneTable } from "./types";

export type Topic = Kind | "zones" | "state";

/** The fields that an edit writes, each whole; `deleted` removes an entity or brings it back. */
export type Edit<K extends WritableKind = WritableKind> = {
  readonly [P in K]: {
    readonly kind: P;
    readonly id: string;
    readonly fields: Partial<FieldsOf[P]> & { readonly deleted?: boolean };
  };
}[K];

export interface Replica {
  /** Snapshots keep their identity until they change, as React asks. Occurrences are those from a day back on. */
  all<K extends Kind>(kind: K): readonly Shown<K>[] | null;
  zones(): Readonly<Record<string, ZoneTable>>;
  state(): SyncState;
  subscribe(topic: Topic, listener: () => void): () => void;
  /** Write edits to the disk and show them; they are sent when there is a connection. */
  write(edits: readonly Edit[]): Promise<void>;
  /** Record a dismissal or snooze, so that it reaches the server whenever it can. */
  answer(answer: AnswerFields): Promise<void>;
  /** Send and fetch now, for "Try again". Never rejects: state() tells. */
  syncNow(): Promise<void>;
  /** The person has seen a notice; with `isUndone` the lost edit is written again. */
  settleNotice(noticeId: string, isUndone: boolean): Promise<void>;
  /** Server-corrected time, epoch milliseconds. */
  now(): number;
}

const NOTHING: SyncState = {
  isOnline: true,
  isSocketOpen: false,
  unsent: 0,
  pulledAt: null,
  clockOffsetMs: null,
  notices: [],
  trouble: null,
};
const NO_ZONES = {};

// The engine takes this place when it is wired: until then nothing is there.
export const replica: Replica = {
  all: () => null,
  zones: () => NO_ZONES,
  state: () => NOTHING,
  subscribe: () => () => undefined,
  write: () => Promise.resolve(),
  answer: () => Promise.resolve(),
  syncNow: () => Promise.resolve(),
  settleNotice: () => Promise.resolve(),
  now: () => Date.now(),
};
