// From what arrives (socket, push, the worker, other tabs) to what rings. Pure; whatever is wrong with a message, reading never throws.
import type { WorkerMessage } from "../push/messages";
import type { PushMessage } from "../push/payload";
import type { AlarmFields } from "../replica/types";
import { contentOf } from "./due";
import type { Phase, RingContent, RingStart, RingState, Standing } from "./ringState";

export type News =
  { readonly type: "ring"; readonly start: RingStart } | { readonly type: "standing"; readonly standing: Standing };

/** Looks up an alarm on this device. */
export type FindAlarm = (id: string) => AlarmFields | undefined;

type Parts = Readonly<Record<string, unknown>>;
const CHALLENGES = ["none", "math", "hold", "shake", "memory"] as const;
const PHASES = ["ringing", "snoozed", "skipped", "missed", "dismissed"] as const;

/** A socket message: `ring` and `stop`; null for every other. */
export function socketToNews(message: unknown, state: RingState, find: FindAlarm, now: number): News | null {
  const parts = toParts(message);
  if (parts["type"] === "ring") return ringToNews(parts, find, now);
  if (parts["type"] !== "stop" || typeof parts["occurrence_id"] !== "string") return null;
  const id = parts["occurrence_id"];
  const until = toInstant(parts["snoozed_until"]);
  // A `stop` names no ring. One whose snooze is over already speaks of an earlier ring than the one we hear now.
  if (parts["state"] === "snoozed" && (until === null || until <= now)) return null;
  return standingNews(id, parts["state"], state.get(id)?.ring ?? 1, until);
}

/** A push message that the worker passed on. */
export function pushToNews(message: PushMessage, find: FindAlarm, now: number): News | null {
  const { occurrence, alarm } = message;
  if (occurrence === null) return null;
  const until = occurrence.snoozedUntil === null ? null : toInstant(occurrence.snoozedUntil);
  if (message.type === "stop" || message.type === "missed")
    return standingNews(occurrence.id, occurrence.state, occurrence.ringCount, until);
  if (message.type !== "ring") return null;
  const ring = Math.max(1, occurrence.ringCount);
  const known = contentOf(alarm.id, alarm.label, alarm.id === null ? undefined : find(alarm.id), ring);
  const content: RingContent = {
    ...known,
    challenge: CHALLENGES.find((one) => one === alarm.challenge) ?? "none",
    vibrate: alarm.vibrate,
    timeoutMinutes: alarm.timeoutMinutes,
    snoozeMinutes: alarm.snoozeMinutes,
    snoozesLeft: alarm.snoozesLeft,
  };
  const dueAt = ring === 1 ? (toInstant(occurrence.at) ?? now) : now;
  return { type: "ring", start: { id: occurrence.id, ring, dueAt, content, rung: message.rung } };
}

/** A ring answered in its notification. */
export function answeredToNews(message: Extract<WorkerMessage, { type: "answered" }>, state: RingState): News | null {
  const { occurrenceId: id, event, snoozedUntil } = message;
  const phase = event === "snooze" ? "snoozed" : "dismissed";
  const until = snoozedUntil === null ? null : toInstant(snoozedUntil);
  return standingNews(id, phase, state.get(id)?.ring ?? 1, until);
}

/** Another tab may run another version of the app, and say what we do not know. */
export function isNews(message: { readonly type: string }): message is News {
  return message.type === "ring" || message.type === "standing";
}

function ringToNews(parts: Parts, find: FindAlarm, now: number): News | null {
  const occurrence = toParts(parts["occurrence"]);
  const alarm = toParts(parts["alarm"]);
  const id = occurrence["id"];
  if (typeof id !== "string") return null;
  const alarmId = typeof occurrence["alarm_id"] === "string" ? occurrence["alarm_id"] : null;
  const label = typeof occurrence["label"] === "string" ? occurrence["label"] : "";
  const ring = Math.max(1, toCount(occurrence["ring_count"], 1));
  const known = contentOf(alarmId, label, alarmId === null ? undefined : find(alarmId), ring);
  const how = toParts(alarm["ring"]);
  const snooze = toParts(alarm["snooze"]);
  const content: RingContent = {
    ...known,
    sound: typeof how["sound"] === "string" ? how["sound"] : known.sound,
    rampSeconds: toCount(how["ramp_seconds"], known.rampSeconds),
    vibrate: typeof how["vibrate"] === "boolean" ? how["vibrate"] : known.vibrate,
    challenge: CHALLENGES.find((one) => one === how["challenge"]) ?? known.challenge,
    timeoutMinutes: toCount(how["timeout_minutes"], known.timeoutMinutes),
    snoozeMinutes: toCount(snooze["minutes"], known.snoozeMinutes),
    snoozesLeft: toCount(alarm["snoozes_left"], known.snoozesLeft),
  };
  const dueAt = ring === 1 ? (toInstant(occurrence["at"]) ?? now) : now;
  return { type: "ring", start: { id, ring, dueAt, content, rung: toCount(parts["rung"], 0) } };
}

function standingNews(id: string, phase: unknown, ring: number, snoozedUntil: number | null): News | null {
  const known: Phase | undefined = PHASES.find((one) => one === phase);
  if (known === undefined || known === "ringing") return null;
  if (known === "snoozed" && snoozedUntil === null) return null;
  const until = known === "snoozed" ? snoozedUntil : null;
  return { type: "standing", standing: { id, phase: known, ring: Math.max(1, ring), snoozedUntil: until } };
}

function toParts(value: unknown): Parts {
  return typeof value === "object" && value !== null ? (value as Parts) : {};
}

function toCount(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
}

function toInstant(value: unknown): number | null {
  const instant = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isFinite(instant) ? instant : null;
}
