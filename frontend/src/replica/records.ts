// What lies on the disk: the server's answer (base), edits that wait to be sent (outbox), notices, and single values.
import type { Fields } from "../sync/merge";
import type { Mutation } from "../sync/mutation";
import type { Notice, ZoneTable } from "./types";

/** One entity as the server told it. Pulls replace it whole. */
export interface BaseRecord {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly fields: Fields;
  readonly clocks: Readonly<Record<string, string>>;
  /** The instant of an occurrence, for the index. */
  readonly at?: string;
  /** Made of our own acknowledged edit alone, until the pull that follows has told, or has not: then it is a tombstone. */
  readonly isProvisional?: true;
}

/** An edit on its way; `seq` is its place in the queue. `writtenAt` (epoch ms) is this device's own time. */
export interface OutboxRecord extends Mutation {
  readonly seq?: number;
}

/**
 * A notice, or with `awaits` an edit that the server says has lost: whether to another value, the next pull tells.
 * `clock` is the one that the edit got.
 */
export interface NoticeRecord extends Notice {
  readonly clock: string;
  readonly awaits: boolean;
}

export interface SessionRecord {
  readonly userId: string;
  readonly email: string;
  /** The server ended it: no call is made until somebody signs in again. What is not sent stays. */
  readonly isEnded: boolean;
  /** Epoch ms until which some tab holds an access token: worth asking the others. */
  readonly tokenUntil: number;
}

export interface OffsetRecord {
  /** Server's clock minus ours. */
  readonly ms: number;
  readonly roundTripMs: number;
  readonly measuredAt: number;
}

export interface MetaValues {
  /** Also the id of this device. */
  client_id: string;
  cursor: string;
  /** The greatest clock that the server has recorded and we were told. */
  seen_clock: string;
  zones: Readonly<Record<string, ZoneTable>>;
  session: SessionRecord;
  offset: OffsetRecord;
  /** Alarms, or a profile, whose edits the server has and of which no pull has told since: what they mean is worked out here. */
  unpulled: readonly string[];
  provisional: readonly (readonly [kind: string, id: string])[];
  pulled_at: number;
  pruned_at: number;
}

export type MetaName = keyof MetaValues;
