// Answers without a session: the push message's token answers that one occurrence, at the server that served the app.
import type { AnswerDoor } from "../push/payload";

const TIMEOUT_MS = 8_000;
const RETRY_MS = 1_500;

export type AnswerCall = "ack" | "snooze" | "dismiss";

export type AnswerOutcome =
  | { readonly type: "done"; readonly snoozedUntil: string | null }
  /** The server knows better: it is over, or may not be snoozed again. */
  | { readonly type: "refused"; readonly code: string }
  /** No connection, no server, or a token whose time is over: it has to go another way. */
  | { readonly type: "unsent" };

export interface Ways {
  readonly fetch: typeof fetch;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly origin: string;
}

/** Post an answer; once more after a moment when nothing came back. Never rejects. */
export async function postAnswer(
  door: AnswerDoor,
  call: AnswerCall,
  body: Readonly<Record<string, unknown>>,
  ways: Ways = browserWays(),
): Promise<AnswerOutcome> {
  const first = await post(door, call, body, ways);
  if (first.type !== "unsent" || !first.isWorthAnotherTry) return first;
  await ways.wait(RETRY_MS * (0.75 + Math.random() / 2));
  return await post(door, call, body, ways);
}

type Attempt =
  Exclude<AnswerOutcome, { readonly type: "unsent" }> | { readonly type: "unsent"; readonly isWorthAnotherTry: boolean };

async function post(door: AnswerDoor, call: AnswerCall, body: unknown, ways: Ways): Promise<Attempt> {
  try {
    const response = await ways.fetch(doorToUrl(door, call, ways.origin), {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${door.token}` },
      body: JSON.stringify(body),
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return { type: "done", snoozedUntil: read(await response.json(), "snoozed_until") };
    if (response.status === 409 || response.status === 404) {
      return { type: "refused", code: read(await response.json().catch(() => null), "code") ?? "" };
    }
    return { type: "unsent", isWorthAnotherTry: response.status >= 500 };
  } catch {
    return { type: "unsent", isWorthAnotherTry: true };
  }
}

/** The address at our own origin: the token is for nobody else, and the security policy asks for it too. */
export function doorToUrl(door: AnswerDoor, call: AnswerCall, origin: string): string {
  return new URL(`${new URL(door.url, origin).pathname}/${call}`, origin).href;
}

function read(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : null;
}

function browserWays(): Ways {
  return {
    fetch: (input, init) => fetch(input, init),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    origin: location.origin,
  };
}
