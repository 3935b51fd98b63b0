// What the server says over the socket, for whoever wants to hear it.
import type { OccurrenceFields } from "./types";

type Occurrence = OccurrenceFields & { readonly id: string };

/** `alarm` is what a device needs of it to ring. Fields that a newer server adds are passed on. */
export type ServerMessage =
  | { readonly type: "hello" | "pong"; readonly request_id: unknown; readonly server_time: string }
  | { readonly type: "poke"; readonly cursor: string }
  | {
      readonly type: "ring";
      readonly occurrence: Occurrence;
      readonly alarm: Readonly<Record<string, unknown>>;
      readonly rung: number;
    }
  | {
      readonly type: "stop";
      readonly occurrence_id: string;
      readonly state: OccurrenceFields["state"];
      readonly by_device: string | null;
      readonly snoozed_until: string | null;
    }
  | { readonly type: "result"; readonly request_id: unknown; readonly occurrence: Occurrence }
  | { readonly type: "error"; readonly request_id: unknown };

export type ServerListener = (message: ServerMessage) => void;

const TYPES = ["hello", "pong", "poke", "ring", "stop", "result", "error"];
const listeners = new Set<ServerListener>();

/** Hear what comes over this tab's socket, as long as there is one. */
export function onServerMessage(listener: ServerListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellListeners(message: ServerMessage): void {
  for (const listener of listeners) listener(message);
}

/** Null for what this version does not know. */
export function readServerMessage(text: unknown): ServerMessage | null {
  try {
    const message = JSON.parse(String(text)) as { readonly type?: unknown } | null;
    return TYPES.includes(message?.type as string) ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}
