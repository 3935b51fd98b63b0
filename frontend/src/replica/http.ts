// One call of the sync API, and what its answer means for going on.
import type { TokenAnswer } from "../session/refresh";

export const SYNC_TIMEOUT_MS = 15_000;

export interface HttpPorts {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  /** An access token; `rejected` is one that the server has just refused. */
  token(rejected: string | null): Promise<TokenAnswer>;
  readonly now: () => number;
}

export interface Answered {
  readonly type: "answered";
  readonly status: number;
  readonly json: unknown;
  /** When the call began and ended, by this device's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface Unanswered {
  readonly type: "offline" | "server" | "signed_out";
  /** The server asked to wait this long. */
  readonly retryAfterMs: number | null;
}

export type Answer = Answered | Unanswered;

export const UNANSWERED = (type: Unanswered["type"]): Unanswered => ({ type, retryAfterMs: null });

/** Never throws: without a connection, session or healthy server it says so. A 401 is tried once more with a new token. */
export async function call(ports: HttpPorts, method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
  let rejected: string | null = null;
  for (let turn = 0; turn < 2; turn++) {
    const token: TokenAnswer = await ports.token(rejected);
    if (token.type !== "token") return UNANSWERED(token.type);
    const sentAt = ports.now();
    let response: Response;
    let json: unknown;
    try {
      response = await ports.fetch(`${ports.baseUrl}/api/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token.token}`,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(SYNC_TIMEOUT_MS),
        cache: "no-store",
      });
      json = response.status === 204 ? null : await response.json().catch(() => null);
    } catch {
      return UNANSWERED("offline");
    }
    if (response.status === 401) {
      rejected = token.token;
      continue;
    }
    if (response.status === 429 || response.status >= 500) {
      return { type: "server", retryAfterMs: retryAfter(response.headers.get("Retry-After")) };
    }
    return { type: "answered", status: response.status, json, sentAt, receivedAt: ports.now() };
  }
  return UNANSWERED("server"); // it refuses a token that it has just given
}

function retryAfter(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) * 1000 : null;
}
