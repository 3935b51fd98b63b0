// What pages and the service worker say to each other. Both sides read with the functions below: a message may come
// from another version of the app.
import type { PushMessage } from "./payload";

export type AnswerEvent = "snooze" | "dismiss";

export type WorkerMessage =
  /** A push arrived, and its notification is shown. */
  | { readonly type: "push"; readonly message: PushMessage; readonly receivedAt: number }
  /** A ring was answered in its notification. `isSent`: the server has it; else it waits in the outbox. */
  | {
      readonly type: "answered";
      readonly occurrenceId: string;
      readonly event: AnswerEvent;
      readonly snoozedUntil: string | null;
      readonly isSent: boolean;
    }
  /** A notification was pressed, and this page was chosen to show what it is about. */
  | { readonly type: "open"; readonly path: string }
  /** A new version does not start while something rings. */
  | { readonly type: "update_waits" };

export interface PageMessage {
  readonly type: "skip_waiting";
}

const FROM_WORKER: readonly string[] = ["push", "answered", "open", "update_waits"] satisfies WorkerMessage["type"][];

export function readWorkerMessage(data: unknown): WorkerMessage | null {
  const type = typeOf(data);
  return type !== null && FROM_WORKER.includes(type) ? (data as WorkerMessage) : null;
}

export function readPageMessage(data: unknown): PageMessage | null {
  return typeOf(data) === "skip_waiting" ? { type: "skip_waiting" } : null;
}

function typeOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null || !("type" in data)) return null;
  return typeof data.type === "string" ? data.type : null;
}
