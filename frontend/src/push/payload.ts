// What a push message says, read from its decrypted text. Whatever is wrong with it, reading never throws.

export type OccurrenceState = "pending" | "ringing" | "snoozed" | "dismissed" | "missed" | "skipped";
export type PushType = "ring" | "stop" | "missed" | "test" | "readiness";

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

const TYPES: readonly string[] = ["ring", "stop", "missed", "test", "readiness"] satisfies PushType[];
const STATES: readonly string[] = [
  "pending",
  "ringing",
  "snoozed",
  "dismissed",
  "missed",
  "skipped",
] satisfies OccurrenceState[];
const MAX_TEXT = 400;

type Parts = Readonly<Record<string, unknown>>;

/** The message, or null for what nobody can make sense of. */
export function parsePush(text: string | null): PushMessage | null {
  const content = toParts(parseJson(text));
  const type = content?.["type"];
  if (!content || typeof type !== "string" || !TYPES.includes(type)) return null;
  const occurrence = parseOccurrence(toParts(content["occurrence"]));
  if (occurrence === null && type !== "readiness") return null;
  return {
    type: type as PushType,
    occurrence,
    alarm: parseAlarm(toParts(content["alarm"]) ?? {}, occurrence?.label ?? ""),
    rung: toCount(content["rung"], 0),
    answer: parseAnswer(toParts(content["answer"])),
    device: parseDevice(toParts(content["device"])),
  };
}

function parseOccurrence(parts: Parts | null): PushOccurrence | null {
  const id = toText(parts?.["id"]);
  const at = toInstant(parts?.["at"]);
  if (!parts || !id || at === null) return null;
  const state = parts["state"];
  return {
    id,
    label: toText(parts["label"]) ?? "",
    at,
    local: toText(parts["local"]) ?? at,
    state: typeof state === "string" && STATES.includes(state) ? (state as OccurrenceState) : "ringing",
    ringCount: toCount(parts["ring_count"], 1),
    snoozedUntil: toInstant(parts["snoozed_until"]),
    answeredBy: toText(parts["answered_by"]),
  };
}

function parseAlarm(parts: Parts, label: string): PushAlarm {
  const snooze = toParts(parts["snooze"]);
  const ring = toParts(parts["ring"]);
  return {
    id: toText(parts["id"]),
    label: toText(parts["label"]) ?? label,
    snoozeMinutes: toCount(snooze?.["minutes"], 9),
    snoozesLeft: toCount(parts["snoozes_left"], 0),
    challenge: toText(ring?.["challenge"]) ?? "none",
    vibrate: ring?.["vibrate"] !== false,
    timeoutMinutes: toCount(ring?.["timeout_minutes"], 10),
  };
}

function parseAnswer(parts: Parts | null): AnswerDoor | null {
  const url = toText(parts?.["url"], 2000);
  const token = toText(parts?.["token"], 4000);
  return url && token ? { url, token } : null;
}

function parseDevice(parts: Parts | null): TroubledDevice | null {
  const id = toText(parts?.["id"]);
  return id ? { id, name: toText(parts?.["name"]) ?? "", health: toText(parts?.["health"]) ?? "" } : null;
}

function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toParts(value: unknown): Parts | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Parts) : null;
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
