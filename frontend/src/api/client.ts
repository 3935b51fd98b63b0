// The typed HTTP client. It asks for the access token before each call; session/ gives one, or null when signed out.
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";

export const CALL_TIMEOUT_MS = 15_000;

export type AccessToken = () => Promise<string | null>;

/** A client for the server that served the page. Every call ends within CALL_TIMEOUT_MS. */
export function createApi(accessToken: AccessToken, baseUrl: string = location.origin) {
  const api = createClient<paths>({
    baseUrl,
    fetch: (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]) }),
  });
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
