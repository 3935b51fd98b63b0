// What the sleep screens ask the server. The last answers stay in memory, so that a lost connection does not empty a screen.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered } from "../api/queries";
import { api } from "../session/api";
import { finishAbandoned } from "./finishAbandoned";
import type { Answer, SleepSession, WholeNight } from "./types";

const AN_HOUR = 3_600_000;
const PAGE = 200;
/** Nights are kept for some months: one page holds them, naps and all. */
const PAGES = 5;
const EXPORT_PAGES = 200;

/** All kept nights without their epochs, the newest first. */
export function useNights() {
  return useQuery({
    queryKey: ["sleep", "nights"],
    gcTime: AN_HOUR,
    queryFn: async ({ signal }) => {
      const nights = await readNights(signal);
      return (await finishAbandoned(nights, finishNight)) ? readNights(signal) : nights;
    },
  });
}

async function readNights(signal: AbortSignal): Promise<readonly SleepSession[]> {
  const nights: SleepSession[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const query: { limit: number; after?: string } = { limit: PAGE, ...(after ? { after } : {}) };
    const part: { readonly items: readonly SleepSession[]; readonly next: string | null } = await answered(
      api.GET("/api/v1/sleep/sessions", { params: { query }, signal }),
    );
    nights.push(...part.items);
    if (part.next === null) break;
    after = part.next;
  }
  return nights;
}

async function finishNight(id: string): Promise<boolean> {
  const path = { session_id: id };
  const { response } = await api.POST("/api/v1/sleep/sessions/{session_id}/finish", { params: { path }, body: {} });
  return response.ok;
}

/** One night with its epochs; `isWhole` brings what was measured too. */
export function useNight(id: string, isWhole = false) {
  return useQuery({
    queryKey: ["sleep", "night", id, isWhole],
    gcTime: AN_HOUR,
    queryFn: ({ signal }) => fetchNight(id, isWhole, signal),
  });
}

/** One night, with what was measured if it is to be whole. */
export function fetchNight(id: string, isWhole: boolean, signal: AbortSignal | null = null): Promise<WholeNight> {
  return answered(
    api.GET("/api/v1/sleep/sessions/{session_id}", {
      params: { path: { session_id: id }, query: isWhole ? { signal: true } : {} },
      signal,
    }),
  );
}

export function useInsights(days: number) {
  return useQuery({
    queryKey: ["sleep", "insights", days],
    gcTime: AN_HOUR,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/sleep/insights", { params: { query: { days } }, signal })),
  });
}

export function useRecommendations() {
  return useQuery({
    queryKey: ["sleep", "recommendations"],
    gcTime: AN_HOUR,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/sleep/recommendations", { signal })),
  });
}

/** Say what one thinks of a recommendation; "none" takes it back. */
export function useFeedback() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, answer }: { readonly id: string; readonly answer: Answer }) =>
      answered(
        api.PUT("/api/v1/sleep/recommendations/{recommendation_id}/feedback", {
          params: { path: { recommendation_id: id } },
          body: { answer },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["sleep", "recommendations"] }),
  });
}

/** Erase one night, or all of them when there is no id. */
export function useErasing() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string | null) => {
      const { response } =
        id === null
          ? await api.DELETE("/api/v1/sleep/sessions")
          : await api.DELETE("/api/v1/sleep/sessions/{session_id}", { params: { path: { session_id: id } } });
      if (!response.ok) throw new Error(`The server answered ${String(response.status)}.`);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["sleep"] }),
  });
}

interface Export {
  readonly exported_at: string;
  readonly items: readonly unknown[];
}

/** Everything that is kept of the nights, page by page, as one thing to save. */
export async function exportNights(): Promise<Export> {
  const items: unknown[] = [];
  let exportedAt = "";
  let after: string | null = null;
  for (let page = 0; page < EXPORT_PAGES; page += 1) {
    const query: { after?: string } = after ? { after } : {};
    const part: Export & { readonly next: string | null } = await answered(
      api.GET("/api/v1/sleep/export", { params: { query } }),
    );
    exportedAt ||= part.exported_at;
    items.push(...part.items);
    if (part.next === null) break;
    after = part.next;
  }
  return { exported_at: exportedAt, items };
}
