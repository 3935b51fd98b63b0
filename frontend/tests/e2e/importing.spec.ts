// Importing nights: what a phone exported is looked at here, and only what is chosen reaches the server.
import type { Page } from "@playwright/test";
import { exportOf, heartRate, night, phoneNight, sleepRecord } from "../importing/exports";
import { zipOf } from "../importing/zips";
import { ApiClient, expect, test } from "./fixtures";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Session {
  readonly start: string;
  readonly state: string;
  readonly source: string;
  readonly time_zone: string;
  readonly stages_source: string | null;
  readonly analysis_source: string | null;
  readonly received_epochs: number;
  readonly metrics: { readonly stage_minutes: Record<string, number> } | null;
}

/** Ten in the evening, so many days ago; a whole minute. */
function evening(days: number): number {
  return Math.floor(Date.now() / DAY) * DAY - days * DAY - 2 * HOUR;
}

async function pick(page: Page, name: string, data: Uint8Array): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "", buffer: Buffer.from(data) });
}

test("an Apple Health export is looked at, agreed to and imported; again, it changes nothing", async ({
  app,
  host,
  person,
}) => {
  const nights = [night(evening(3)), night(evening(2)), night(evening(120))];
  const dreamt = sleepRecord("Dreaming", evening(2), evening(2) + HOUR);
  const phone = phoneNight(evening(3) - HOUR, evening(3) + 9 * HOUR) + phoneNight(evening(1), evening(1) + 8 * HOUR);
  const xml = exportOf(heartRate(evening(3), 61), phone, dreamt, ...nights);
  const zip = zipOf([
    { name: "apple_health_export/export_cda.xml", data: new Uint8Array(5_000) },
    { name: "apple_health_export/exportar.xml", data: new TextEncoder().encode(xml), isLarge: true },
  ]);
  const client = await ApiClient.of(host, person);
  const stored = async () => (await client.call<{ items: Session[] }>("GET", "/sleep/sessions")).items;

  await app.goto("/sleep/import");
  await pick(app, "exportar.zip", zip);
  await expect(app.getByRole("heading", { name: "3 nights found" })).toBeFocused();
  await expect(app.getByText("1 older night is left out. Nights are kept for 90 days unless")).toBeVisible();
  await expect(app.getByText("This is not a stage that we know.")).toBeVisible();
  await expect(app.getByText("Dreaming")).toBeVisible();
  const choices = app.getByRole("checkbox");
  await expect(choices.nth(0)).toBeDisabled(); // the phone alone: no stages
  await expect(app.getByText("We do not guess the stages.")).toBeVisible();
  await expect(choices.nth(1)).toBeChecked();
  await expect(choices.nth(2)).toBeChecked();
  await expect(app.getByText("Left out: Ana’s iPhone.")).toBeVisible();
  expect(await stored()).toEqual([]);

  await app.getByRole("button", { name: "Yes, keep my nights" }).click();
  await expect(app.getByRole("button", { name: "Import 2 nights" })).toBeFocused();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { name: "2 nights are imported" })).toBeFocused();
  const there = await stored();
  expect(there.map(({ start }) => Date.parse(start))).toEqual([evening(2), evening(3)]);
  expect(there[0]).toMatchObject({
    state: "finished",
    source: "wrist",
    time_zone: "Europe/Madrid",
    stages_source: "apple_health",
    analysis_source: "vendor",
    received_epochs: 900,
    metrics: { stage_minutes: { light: 250, deep: 100, rem: 90, wake: 10 } },
  });

  await app.getByRole("button", { name: "Choose another file" }).click();
  await pick(app, "exportar.zip", zip);
  await expect(app.getByText("Already here.")).toHaveCount(2);
  await expect(app.getByRole("button", { name: /^Import/ })).toHaveCount(0);
  await app.goto("/sleep");
  await expect(app.getByText("Apple Health").first()).toBeVisible();
});

test("a table of movement in another zone is imported and staged by the server; what is no table is refused", async ({
  app,
  host,
  person,
}) => {
  const client = await ApiClient.of(host, person);
  await client.call("PATCH", "/me", { settings: { sleep_consent: true } });
  await app.goto("/sleep/import");
  await pick(app, "holiday.jpg", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
  await expect(app.getByRole("alert")).toContainText("neither an Apple Health export nor a CSV file");
  await expect(app.getByRole("button", { name: "Choose a file" })).toBeFocused();

  const at = (n: number) => new Date(evening(2) + n * 30_000).toISOString().slice(0, 19).replace("T", " ");
  const rows = Array.from({ length: 400 }, (_, n) => `${at(n)};${n % 40 < 2 ? "80,5" : "0"};${n === 7 ? "700" : "55"}`);
  await pick(app, "night.csv", new TextEncoder().encode(["time;count;heart rate", ...rows].join("\n")));
  await expect(app.getByText("Line 9")).toBeVisible();
  await app.getByLabel("Time zone of the file").selectOption("Africa/Abidjan");
  await expect(app.getByRole("checkbox")).toBeChecked();
  await app.getByRole("radio", { name: "On the wrist" }).check({ force: true });
  await app.getByRole("button", { name: "Import 1 night" }).click();
  await expect(app.getByRole("heading", { name: "1 night is imported" })).toBeVisible();
  const { items } = await client.call<{ items: Session[] }>("GET", "/sleep/sessions");
  expect(items.map(({ start, source, analysis_source }) => [Date.parse(start), source, analysis_source])).toEqual([
    [evening(2), "wrist", "model"],
  ]);
});
