// What a push message says, read from its decrypted text. Whatever is wrong with it, reading never throws.
import type { components } from "../api/schema";

type Schemas = components["schemas"];
type WireOccurrence = Schemas["OccurrenceView"];
type WireAlarm = Schemas["RungAlarm"];
type Wire = Schemas["AnswerablePush"] | Schemas["NoticePush"] | Schemas["ReadinessPush"];

export type OccurrenceState = WireOccurrence["state"];
export type PushType = Wire["type"];

export interface PushOccurrence {
  readonly id: string;
  readonly label: string;
  readonly at: string;
  /** Wall time with its offset: "2026-12-01T07:00:00+01:00". */
  readonly local: string;
  readonly state: OccurrenceState;
  readonly ringCount: number;
  readonly snoozedUntil: string | null;
  readonly answeredBy: string | null;
}

export interface PushAlarm {
  readonly id: string | null;
  readonly label: string;
  readonly snoozeMinutes: number;
  readonly snoozesLeft: number;
  readonly challenge: string;
  readonly vibrate: boolean;
  readonly timeoutMinutes: number;
}

/** Where this occurrence, and it alone, is answered without a session. */
export interface AnswerDoor {
  readonly url: string;
  readonly token: string;
}

/** A device that stopped answering. */
export interface TroubledDevice {
  readonly id: string;
  readonly name: string;
  readonly health: string;
}

export interface PushMessage {
  readonly type: PushType;
  readonly occurrence: PushOccurrence | null;
  readonly alarm: PushAlarm;
  readonly rung: number;
  readonly answer: AnswerDoor | null;
  readonly device: TroubledDevice | null;
}

const TYPES: Readonly<Record<PushType, true>> = { ring: true, stop: true, missed: true, test: true, readiness: true };
const STATES: Readonly<Record<OccurrenceState, true>> = {
  pending: true,
  ringing: true,
  snoozed: true,
  dismissed: true,
  missed: true,
  skipped: true,
};
const MAX_TEXT = 400;

/** An object as it came: the names are the contract's, the values anything. */
type Parts<Of> = Readonly<Partial<Record<Of extends unknown ? keyof Of : never, unknown>>>;

/** The message, or null for what nobody can make sense of. */
export function parsePush(text: string | null): PushMessage | null {
  const content: Parts<Wire> | null = toParts(parseJson(text));
  const type = content?.type;
  if (!content || !isOneOf(TYPES, type)) return null;
  const occurrence = parseOccurrence(toParts(content.occurrence));
  if (occurrence === null && type !== "readiness") return null;
  return {
    type,
    occurrence,
    alarm: parseAlarm(toParts(content.alarm) ?? {}, occurrence?.label ?? ""),
    rung: toCount(content.rung, 0),
    answer: parseAnswer(toParts(content.answer)),
    device: parseDevice(toParts(content.device)),
  };
}

function parseOccurrence(parts: Parts<WireOccurrence> | null): PushOccurrence | null {
  const id = toText(parts?.id);
  const at = toInstant(parts?.at);
  if (!parts || !id || at === null) return null;
  const state = parts.state;
  return {
    id,
    label: toText(parts.label) ?? "",
    at,
    local: toText(parts.local) ?? at,
    state: isOneOf(STATES, state) ? state : "ringing",
    ringCount: toCount(parts.ring_count, 1),
    snoozedUntil: toInstant(parts.snoozed_until),
    answeredBy: toText(parts.answered_by),
  };
}

function parseAlarm(parts: Parts<WireAlarm>, label: string): PushAlarm {
  const snooze: Parts<WireAlarm["snooze"]> | null = toParts(parts.snooze);
  const ring: Parts<WireAlarm["ring"]> | null = toParts(parts.ring);
  return {
    id: toText(parts.id),
    label: toText(parts.label) ?? label,
    snoozeMinutes: toCount(snooze?.minutes, 9),
    snoozesLeft: toCount(parts.snoozes_left, 0),
    challenge: toText(ring?.challenge) ?? "none",
    vibrate: ring?.vibrate !== false,
    timeoutMinutes: toCount(ring?.timeout_minutes, 10),
  };
}

function parseAnswer(parts: Parts<Schemas["AnswerDoor"]> | null): AnswerDoor | null {
  const url = toText(parts?.url, 2000);
  const token = toText(parts?.token, 4000);
  return url && token ? { url, token } : null;
}

function parseDevice(parts: Parts<Schemas["TroubledDevice"]> | null): TroubledDevice | null {
  const id = toText(parts?.id);
  return id ? { id, name: toText(parts?.name) ?? "", health: toText(parts?.health) ?? "" } : null;
}

function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toParts(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function isOneOf<Name extends string>(names: Readonly<Record<Name, true>>, value: unknown): value is Name {
  return typeof value === "string" && Object.hasOwn(names, value);
}

function toText(value: unknown, longest: number = MAX_TEXT): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, longest) : null;
}

function toInstant(value: unknown): string | null {
  return typeof value === "string" && Number.isFinite(Date.parse(value)) ? value : null;
}

function toCount(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
