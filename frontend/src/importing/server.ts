// The calls of an import, over the typed client.
import { api } from "../session/api";
import type { Answer, SendPorts } from "./sending";
import type { StoredNight } from "./stored";

const PAGE = 200;
const PAGES = 10;

/** All nights that are there; null without a connection. */
export async function fetchStored(): Promise<readonly StoredNight[] | null> {
  const nights: StoredNight[] = [];
  let after: string | null = null;
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const query: { limit: number; after?: string } = { limit: PAGE, ...(after === null ? {} : { after }) };
      const { data } = await api.GET("/api/v1/sleep/sessions", { params: { query } });
      if (!data) return null;
      for (const { start, end, received_epochs: epochs, kept_until } of data.items) {
        nights.push({ startMs: Date.parse(start), endMs: Date.parse(end), epochs, keptUntilMs: Date.parse(kept_until) });
      }
      after = data.next;
      if (after === null) break;
    }
  } catch {
    return null;
  }
  return nights;
}

/** The paths are those of sending.ts; openapi-fetch wants each as a literal. */
export function callsOf(signal: AbortSignal): SendPorts["call"] {
  return async (method, path, body) => {
    const [, , , id = "", action] = path.split("/");
    const options = { params: { path: { session_id: id } }, signal };
    const answer =
      method === "PUT"
        ? await api.PUT("/api/v1/sleep/sessions/{session_id}", { ...options, body: body as never })
        : action === "epochs"
          ? await api.POST("/api/v1/sleep/sessions/{session_id}/epochs", { ...options, body: body as never })
          : await api.POST("/api/v1/sleep/sessions/{session_id}/finish", { ...options, body: {} });
    return toAnswer(answer);
  };
}

function toAnswer({ response, data, error }: { response: Response; data?: unknown; error?: unknown }): Answer {
  const problem = (error ?? {}) as { code?: string; errors?: readonly { pointer: string }[] };
  const session = (data ?? {}) as { received_epochs?: number; state?: string };
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return {
    status: response.status,
    code: problem.code ?? null,
    pointer: problem.errors?.[0]?.pointer ?? null,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
    epochs: session.received_epochs ?? null,
    isFinished: session.state === "finished",
  };
}
