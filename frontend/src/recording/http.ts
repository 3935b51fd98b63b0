// One call about a night, packed where the browser can. Never throws: what did not arrive is sent again later.
import { CALL_TIMEOUT_MS } from "../api/client";
import { accessToken } from "../session/session";
import type { Answer } from "./sending";

/** Smaller ones do not get smaller. */
const WORTH_PACKING = 200;

export async function callServer(method: "PUT" | "POST", path: string, body: object): Promise<Answer> {
  let rejected: string | null = null;
  for (let turn = 0; turn < 2; turn += 1) {
    const token: string | null = await accessToken(rejected);
    if (token === null) return { type: "later", retryAfterMs: null };
    const response = await send(method, path, body, token).catch(() => null);
    if (response === null) return { type: "later", retryAfterMs: null };
    if (response.status === 401) {
      rejected = token;
      continue;
    }
    if (response.status === 429 || response.status >= 500)
      return { type: "later", retryAfterMs: retryAfter(response.headers.get("Retry-After")) };
    const json: unknown = await response.json().catch(() => null);
    // The page of a hotel's network says 200 as well: only what the server answers counts as taken.
    if (response.ok && json === null) return { type: "later", retryAfterMs: null };
    return { type: "answered", status: response.status, json };
  }
  return { type: "later", retryAfterMs: null };
}

async function send(method: string, path: string, body: object, token: string): Promise<Response> {
  const text = JSON.stringify(body);
  const isPacked = text.length > WORTH_PACKING && typeof CompressionStream !== "undefined";
  return fetch(`${location.origin}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      // As a type, not as an encoding: there are gateways that take what is called JSON for text, and spoil it.
      "Content-Type": isPacked ? "application/gzip" : "application/json",
    },
    body: isPacked ? await packed(text) : text,
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    cache: "no-store",
  });
}

async function packed(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

function retryAfter(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) * 1000 : null;
}
