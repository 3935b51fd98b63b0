// TanStack Query for what is asked of the server as it is looked at (history, readiness). Only lazy screens load it.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSession } from "../session/session";

const client = new QueryClient({
  defaultOptions: { queries: { retry: 2, staleTime: 10_000, networkMode: "always" } },
});

// What one person asked for is nobody else's.
useSession.subscribe((session, before) => {
  if (session.userId !== before.userId) client.clear();
});

export function Queries({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** What a typed call gave; an answer that is a problem, or none, is thrown. */
export async function answered<Data>(call: Promise<{ data?: Data; response: Response }>): Promise<Data> {
  const { data, response } = await call;
  if (data === undefined) throw new Error(`The server answered ${String(response.status)}.`);
  return data;
}
