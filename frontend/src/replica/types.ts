// What is synced, as screens see it: the server's answer with this device's unsent edits on top.
import type { AlarmView, DeviceView, Preferences } from "../api/types";

/** What a person sets of an alarm; the defaults are filled in. */
export type AlarmFields = Omit<AlarmView, "id" | "next" | "version" | "created_at" | "updated_at">;

/** One time at which an alarm is due: stored by the server, computed by it 48 h ahead, or computed here for an unsent edit. */
export interface OccurrenceFields {
  readonly alarm_id: string | null;
  readonly label: string;
  readonly at: string;
  readonly local: string;
  readonly state: "pending" | "ringing" | "snoozed" | "dismissed" | "missed" | "skipped";
  readonly ring_count: number;
  readonly snoozed_until: string | null;
  readonly answered_by: string | null;
  readonly reason: string | null;
  /** Of one to come: whether it will ring; null or absent once it has begun. */
  readonly status?: "will_ring" | "skipped" | null;
}

export interface SkipFields {
  readonly skipped: boolean;
}

export interface ProfileFields {
  readonly name: string;
  readonly locale: string;
  readonly time_zone: string;
  readonly email?: string;
}

export type DeviceFields = Pick<DeviceView, "name" | "platform" | "ring"> & {
  readonly push_subscription: DeviceView["push_subscription"];
  /** Read-only: whether pushes can reach it. "lost" wants it to subscribe again. */
  readonly push?: DeviceView["push"];
};

/** What a person answered here, or what this device showed or sounded while the server could not be told. */
export interface AnswerFields {
  readonly occurrence_id: string;
  readonly event: "dismiss" | "snooze" | "shown" | "heard";
  readonly ring: number;
  readonly at: string;
  readonly minutes: number | null;
}

/** The fields of each kind that is read. */
export interface FieldsOf {
  readonly alarm: AlarmFields;
  readonly skip: SkipFields;
  readonly settings: Preferences;
  readonly profile: ProfileFields;
  readonly device: DeviceFields;
  readonly occurrence: OccurrenceFields;
}

export type Kind = keyof FieldsOf;
export type WritableKind = Exclude<Kind, "occurrence">;

/** One entity as it is shown. `isPending`: this device has an edit of it that the server has not acknowledged. */
export interface Shown<K extends Kind> {
  readonly kind: K;
  readonly id: string;
  readonly fields: FieldsOf[K];
  readonly isPending: boolean;
}

/** An edit that was not kept, or lost to another device; shown to the person, who may put it back. */
export interface Notice {
  readonly id: string;
  readonly type: "rejected" | "superseded";
  readonly kind: WritableKind | "answer";
  readonly entityId: string;
  /** The fields that were not kept, as this device had written them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly code: string | null;
  readonly pointer: string | null;
}

export interface SyncState {
  readonly isOnline: boolean;
  readonly isSocketOpen: boolean;
  /** How many edits wait to be sent. */
  readonly unsent: number;
  /** Epoch milliseconds of the last complete pull; null before the first one on this device. */
  readonly pulledAt: number | null;
  /** Server's clock minus this device's, in milliseconds; null until it was measured. */
  readonly clockOffsetMs: number | null;
  readonly notices: readonly Notice[];
  /** Why sync stands still: the person has to sign in again, the server does not answer, or nothing is wrong. */
  readonly trouble: "signed_out" | "server" | null;
}

/** Offsets of a zone: each holds until its instant (epoch ms), in seconds east of UTC. */
export type ZoneTable = readonly (readonly [untilMs: number, offsetSeconds: number])[];
