// TanStack Query for what is asked of the server as it is looked at (history, readiness). Only lazy screens load it.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSession } from "../session/session";

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (tries, error) => tries < 2 && !(error instanceof Refused), staleTime: 10_000, networkMode: "always" },
  },
});

// What one person asked for is nobody else's.
useSession.subscribe((session, before) => {
  if (session.userId !== before.userId) client.clear();
});

export function Queries({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** The server answered that there is no such thing: asking again would not help. */
export class Refused extends Error {}

/** What a typed call gave. Throws Refused for a thing that is not there, an Error for any other problem. */
export async function answered<Data>(call: Promise<{ data?: Data; response: Response }>): Promise<Data> {
  const { data, response } = await call;
  if (data !== undefined) return data;
  const problem = `The server answered ${String(response.status)}.`;
  throw response.status === 404 || response.status === 422 ? new Refused(problem) : new Error(problem);
}
