// The typed HTTP client. It asks for the access token before each call; session/ gives one, or null when signed out.
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";

export const CALL_TIMEOUT_MS = 15_000;

/** `rejected`: a token that the server has just refused, so that another one is needed. */
export type AccessToken = (rejected?: string | null) => Promise<string | null>;

/** A client for the server that served the page. Every call ends within CALL_TIMEOUT_MS; a 401 is tried once more. */
export function createApi(accessToken: AccessToken, baseUrl: string = ownOrigin()) {
  const api = createClient<paths>({ baseUrl, fetch: (request) => send(request, accessToken) });
  const authorize: Middleware = {
    async onRequest({ request, schemaPath }) {
      if (!schemaPath.startsWith("/api/v1/auth/")) {
        const token = await accessToken();
        if (token) request.headers.set("Authorization", `Bearer ${token}`);
      }
      return request;
    },
  };
  api.use(authorize);
  return api;
}

export type Api = ReturnType<typeof createApi>;

async function send(request: Request, accessToken: AccessToken): Promise<Response> {
  const again = request.clone(); // a body can be read once
  const response = await fetch(timed(request));
  const rejected = request.headers.get("Authorization")?.slice("Bearer ".length);
  if (response.status !== 401 || !rejected) return response;
  const token = await accessToken(rejected);
  if (!token) return response;
  again.headers.set("Authorization", `Bearer ${token}`);
  return fetch(timed(again));
}

function timed(request: Request): Request {
  return new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]) });
}

/** Tests of other parts import this without a page. */
function ownOrigin(): string {
  return typeof location === "undefined" ? "http://localhost" : location.origin;
}
