// Which rings this device arms itself for, from what is stored on it: pure, with instants alone.
import type { AlarmFields, DeviceFields, OccurrenceFields, Shown, SkipFields } from "../replica/types";
import { beganBefore, isKnown, type RingContent, type RingStart, type RingState } from "./ringState";

export const GRACE_MS = 30 * 60_000;
export const AHEAD_MS = 26 * 3_600_000;
/** As on the server: a backup device rings when nobody answered for so long. */
export const BACKUP_AFTER_MS = 2 * 60_000;
/** The server rings nothing early that is due so soon; what began here later is the ring of its time. */
const EARLY_MS = 45_000;
/** For how long "it rings", as pulled, is believed when its beginning is not known. */
const FRESH_MS = 2 * 60_000;

export interface Stored {
  readonly occurrences: readonly Shown<"occurrence">[];
  readonly alarms: readonly Shown<"alarm">[];
  readonly skips: readonly Shown<"skip">[];
  readonly devices: readonly Shown<"device">[];
  readonly deviceId: string | null;
  /** Epoch milliseconds, when all of it was last fetched. */
  readonly pulledAt: number | null;
}

/** A ring to come, or one that should sound already. */
export interface Due extends RingStart {
  /** When it shall sound here: later than `dueAt` on a backup device. */
  readonly ringAt: number;
}

/** What is to ring within the next 26 hours, or should have within the last 30 minutes; the soonest first. */
export function dueRings(stored: Stored, known: RingState, now: number): readonly Due[] {
  const delay = delayOf(stored.devices, stored.deviceId);
  if (delay === null) return [];
  const skipped = new Set(stored.skips.filter((one) => isSkipping(one.fields)).map((one) => one.id));
  const alarms = new Map(stored.alarms.map((one) => [one.id, one.fields]));
  const dues = stored.occurrences.flatMap((one) => dueOf(one, stored.pulledAt, alarms, skipped, known, now));
  return dues
    .map((due) => ({ ...due, ringAt: due.dueAt + delay }))
    .filter((due) => due.dueAt > now - GRACE_MS && due.ringAt <= now + AHEAD_MS && !isKnown(known, due.id, due.ring))
    .sort((a, b) => a.ringAt - b.ringAt || (a.id < b.id ? -1 : 1));
}

/** How much later this device rings than the first ones; null: never. As the server decides it. */
export function delayOf(devices: Stored["devices"], deviceId: string | null): number | null {
  const role = roleOf(devices, deviceId);
  if (role === "never") return null;
  const hasMain = devices.some(({ fields }) => fields.ring === "always" && fields.push_subscription !== null);
  return role === "backup" && hasMain ? BACKUP_AFTER_MS : 0;
}

export function roleOf(devices: Stored["devices"], deviceId: string | null): DeviceFields["ring"] {
  return devices.find((device) => device.id === deviceId)?.fields.ring ?? "always";
}

/** What an alarm's document says of how it rings. Without one it rings as a new alarm would. */
export function contentOf(
  alarmId: string | null,
  label: string,
  alarm: Pick<AlarmFields, "ring" | "snooze" | "instructions"> | undefined,
  ring: number,
): RingContent {
  const limit = alarm?.snooze.limit ?? 3;
  return {
    alarmId,
    label,
    instructions: alarm?.instructions ?? "",
    sound: alarm?.ring.sound ?? "sunrise",
    rampSeconds: alarm?.ring.ramp_seconds ?? 60,
    vibrate: alarm?.ring.vibrate ?? true,
    challenge: alarm?.ring.challenge ?? "none",
    timeoutMinutes: alarm?.ring.timeout_minutes ?? 10,
    snoozeMinutes: alarm?.snooze.minutes ?? 9,
    snoozesLeft: Math.max(0, limit - (ring - 1)),
  };
}

function dueOf(
  { id, fields }: Shown<"occurrence">,
  pulledAt: number | null,
  alarms: ReadonlyMap<string, AlarmFields>,
  skipped: ReadonlySet<string>,
  known: RingState,
  now: number,
): readonly RingStart[] {
  const alarm = fields.alarm_id === null ? undefined : alarms.get(fields.alarm_id);
  const next = nextRing(id, fields, pulledAt, known, now);
  if (next === null) return [];
  if (fields.alarm_id !== null && !alarm) return []; // deleted, maybe on this device a moment ago
  // Also what rang early and is to ring again by its own time, but not what was snoozed past that.
  const isToCome = fields.state === "pending" || (next.ring > 1 && next.dueAt <= Date.parse(fields.at));
  if (isToCome && (!alarm?.enabled || skipped.has(id))) return [];
  const content = contentOf(fields.alarm_id, fields.label, alarm, next.ring);
  return [{ id, rung: 0, ...next, content }];
}

/** The number and instant of the ring that comes next, or rings now. This device's own knowledge may be ahead of the pulled. */
function nextRing(
  id: string,
  fields: OccurrenceFields,
  pulledAt: number | null,
  known: RingState,
  now: number,
): { readonly ring: number; readonly dueAt: number } | null {
  const here = known.get(id);
  if (here?.phase === "snoozed" && here.snoozedUntil !== null && here.ring >= fields.ring_count && !isOver(fields.state))
    return { ring: here.ring + 1, dueAt: here.snoozedUntil };
  // A smart wake rang here before the alarm's time, and nobody answered: it rings again then, with or without the server.
  const at = Date.parse(fields.at);
  if (here && !isOver(fields.state) && fields.state !== "snoozed" && beganBefore(here, at - EARLY_MS))
    return { ring: Math.max(here.ring, fields.ring_count) + 1, dueAt: at };
  switch (fields.state) {
    case "pending":
      return { ring: 1, dueAt: Date.parse(fields.at) };
    case "snoozed":
      if (fields.snoozed_until === null) return null;
      // Snoozed offline its count may still be 0, but it has rung at least once.
      return { ring: Math.max(1, fields.ring_count) + 1, dueAt: Date.parse(fields.snoozed_until) };
    case "ringing": {
      const ring = Math.max(1, fields.ring_count);
      const freshAt = pulledAt !== null && now - pulledAt < FRESH_MS ? pulledAt : null;
      if (pulledAt !== null && pulledAt < at - EARLY_MS)
        return freshAt === null ? { ring: ring + 1, dueAt: at } : { ring, dueAt: freshAt };
      if (ring === 1) return { ring, dueAt: at };
      return freshAt === null ? null : { ring, dueAt: freshAt };
    }
    default:
      return null;
  }
}

function isOver(state: OccurrenceFields["state"]): boolean {
  return state === "skipped" || state === "missed" || state === "dismissed";
}

function isSkipping(fields: SkipFields): boolean {
  return fields.skipped;
}
