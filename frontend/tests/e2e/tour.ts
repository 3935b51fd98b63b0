// Every screen of the app in a state worth seeing: for the pictures, and for the check of accessibility.
import type { Page } from "@playwright/test";
import { someNights } from "../importing/exports";
import { ApiClient, type Person } from "./fixtures";
import { sendNights } from "./nights";
import type { Server } from "./servers";

export interface Stop {
  readonly name: string;
  /** Go there; the page is signed in unless the name begins with "sign". */
  readonly open: (page: Page) => Promise<void>;
}

interface Made {
  readonly stops: readonly Stop[];
}

interface Alarm {
  readonly id: string;
  readonly next: { readonly id: string; readonly at: string } | null;
}

const HOUR = 3_600_000;
const RINGING = "Wake up, it is a new day";
/** Swedes write dates as ISO 8601 does; the browsers of these tests are in Madrid. */
const madrid = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid", dateStyle: "short", timeStyle: "medium" });

/** A life to look at: alarms of several kinds, one that rang and was answered, one that is skipped. */
export async function furnish(host: Server, person: Person): Promise<Made> {
  const client = await ApiClient.of(host, person);
  const at = (ms: number) => madrid.format(Date.now() + ms).replace(" ", "T");
  const make = async (alarm: object) => await client.call<Alarm>("POST", "/alarms", alarm);
  await make({
    label: "Get up",
    schedule: { start: at(8 * HOUR), rrule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU" },
    category: "work",
    tags: ["daily"],
  });
  await make({
    label: "Blue pill, with water",
    schedule: { start: at(11 * HOUR), rrule: "FREQ=DAILY" },
    category: "medication",
    priority: "critical",
  });
  const skipped = await make({
    label: "Gym",
    schedule: { start: at(20 * HOUR), rrule: "FREQ=DAILY;INTERVAL=2" },
    category: "exercise",
  });
  if (skipped.next) await client.call("POST", `/alarms/${skipped.id}/skip`, { occurrence_id: skipped.next.id });
  const edited = await make({
    label: "Train to Lisbon",
    schedule: { start: at(30 * HOUR) },
    category: "travel",
    instructions: "Platform 4. Passport is in the drawer.",
  });
  await make({ label: "Bins out", enabled: false, schedule: { start: at(60 * HOUR), rrule: "FREQ=WEEKLY" } });
  const rang = await make({ label: "Tea is ready", schedule: { start: at(2_000) } });
  const occurrence = rang.next?.id ?? "";
  // After its instant and not before: the ledger is to show a ring that devices showed.
  await new Promise((resolve) => setTimeout(resolve, Date.parse(rang.next?.at ?? "") + 2_500 - Date.now()));
  await client.call("POST", `/occurrences/${occurrence}/dismiss`, {});

  await choose(host, person, { sleep_consent: true });
  const [night = ""] = await sendNights(client, 20);

  const visit = (path: string) => async (page: Page) => {
    await page.goto(path);
    await page.locator("main h1").waitFor();
    await page.waitForTimeout(700); // what comes from the server: history, devices
  };
  return {
    stops: [
      { name: "today", open: visit("/") },
      { name: "alarms", open: visit("/alarms") },
      { name: "new-alarm", open: visit("/alarms/new") },
      { name: "editor", open: visit(`/alarms/${edited.id}`) },
      { name: "history", open: visit("/history") },
      { name: "ledger", open: visit(`/history/${encodeURIComponent(occurrence)}`) },
      { name: "sleep", open: visit("/sleep") },
      { name: "night", open: visit(`/sleep/${night}`) },
      { name: "import", open: visit("/sleep/import") },
      {
        name: "import-nights",
        open: async (page) => {
          await visit("/sleep/import")(page);
          const file = { name: "export.zip", mimeType: "", buffer: Buffer.from(someNights(Date.now())) };
          await page.locator("input[type=file]").setInputFiles(file);
          await page.getByRole("checkbox").first().waitFor();
          await page.waitForTimeout(300);
        },
      },
      { name: "devices", open: visit("/devices") },
      { name: "settings", open: visit("/settings") },
      { name: "bedside", open: visit("/bedside") },
      {
        name: "bedside-night",
        open: async (page) => {
          await visit("/bedside")(page);
          await page.locator("main button").last().click(); // "Start"; above it may stand what sleep asks
          await page.waitForTimeout(700);
        },
      },
      {
        name: "ringing",
        open: async (page) => {
          await make({ label: RINGING, schedule: { start: at(3_000) } });
          await page.goto("/");
          await page.getByRole("alertdialog").waitFor();
          await page.waitForTimeout(300);
        },
      },
    ],
  };
}

/** End what rings, so that the next screen is not covered, and leave no trace of it in the list. */
export async function quiet(host: Server, person: Person): Promise<void> {
  const client = await ApiClient.of(host, person);
  const { items } = await client.call<{ items: { id: string; label: string }[] }>("GET", "/alarms");
  for (const one of items) if (one.label === RINGING) await client.call("DELETE", `/alarms/${one.id}`);
}

/** Choose theme and language as settings do, for all devices of the person. */
export async function choose(host: Server, person: Person, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const client = await ApiClient.of(host, person);
  const me = await client.call<{ settings: Record<string, unknown> }>("GET", "/me");
  await client.call("PATCH", "/me", { settings: { ...me.settings, ...settings } });
}
