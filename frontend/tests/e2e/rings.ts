// Alarms that ring in a moment, and what became of them.
import type { Page } from "@playwright/test";
import type { ApiClient } from "./fixtures";

export interface Occurrence {
  readonly state: string;
  readonly snoozed_until: string | null;
  readonly ledger: readonly { readonly event: string; readonly at: string }[];
}

const IN_MADRID = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Madrid",
  dateStyle: "short",
  timeStyle: "medium",
});
/** An alarm that rings in so many seconds; its occurrence's id and instant. */
export async function ringIn(api: ApiClient, seconds: number, more: object = {}): Promise<{ id: string; at: number }> {
  const at = Math.ceil(Date.now() / 1000) * 1000 + seconds * 1000;
  const start = IN_MADRID.format(at).replace(" ", "T");
  const alarm = { label: "Work", schedule: { start }, time_zone: "Europe/Madrid", ring: { ramp_seconds: 0 }, ...more };
  const made = await api.call<{ next: { id: string } }>("POST", "/alarms", alarm);
  return { id: made.next.id, at };
}

export async function occurrenceOf(api: ApiClient, id: string): Promise<Occurrence> {
  return await api.call<Occurrence>("GET", `/occurrences/${encodeURIComponent(id)}`);
}

export const ringOf = (page: Page) => page.getByRole("alertdialog");
export const stateOf = async (api: ApiClient, id: string) => (await occurrenceOf(api, id)).state;
