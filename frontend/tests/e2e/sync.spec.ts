// Edits without a connection, edits elsewhere meanwhile, and what all devices have at the end.
import type { Page } from "@playwright/test";
import { ApiClient, expect, installed, signIn, test } from "./fixtures";

interface Alarm {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly schedule: { readonly start: string };
  readonly snooze: { readonly minutes: number };
}

test("a day of edits without a connection meets a server that changed meanwhile", async ({ app, host, person }) => {
  const client = await ApiClient.of(host, person);
  const make = (label: string) =>
    client.call<Alarm>("POST", "/alarms", { label, schedule: { start: "2030-01-07T07:00:00", rrule: "FREQ=DAILY" } });
  const [work, pill, gym] = [await make("Work"), await make("Pill"), await make("Gym")];
  await open(app, "Alarms");
  await expect(row(app, "Gym")).toBeVisible();

  await installed(app);
  await app.context().setOffline(true);
  await row(app, "Work").getByRole("switch").click({ force: true });
  await rename(app, "Pill", "Blue pill");
  await create(app, "Made on the train");
  await row(app, "Gym").getByRole("switch").click({ force: true });
  await expect(app.getByText("Not sent yet").first()).toBeVisible();

  // Meanwhile, elsewhere: another field of the same alarm, an alarm gone, a new one.
  await client.call("PATCH", `/alarms/${pill.id}`, { snooze: { minutes: 5, limit: 2 } });
  await client.call("DELETE", `/alarms/${gym.id}`);
  await make("Made at home");

  await app.context().setOffline(false);
  await expect(row(app, "Made at home")).toBeVisible({ timeout: 20_000 });
  await expect(app.getByText("Not sent yet")).toHaveCount(0);
  const { items } = await client.call<{ items: Alarm[] }>("GET", "/alarms");
  const known = Object.fromEntries(items.map((alarm) => [alarm.label, alarm]));
  expect(known["Work"]).toMatchObject({ id: work.id, enabled: false });
  expect(known["Blue pill"]).toMatchObject({ id: pill.id, snooze: { minutes: 5 } });
  const shown = await app.locator("main").getByRole("switch").count();
  expect(shown).toBe(items.length);
  expect(items.map((alarm) => alarm.label).sort()).toEqual(["Blue pill", "Made at home", "Made on the train", "Work"]);
});

test("two devices that edit different fields of one alarm both keep their edit", async ({ app, browser, host, person }) => {
  const client = await ApiClient.of(host, person);
  const alarm = await client.call<Alarm>("POST", "/alarms", { label: "Work", schedule: { start: "2030-01-07T07:00:00" } });
  const other = await (await browser.newContext({ baseURL: host.url })).newPage();
  await signIn(other, person);
  for (const page of [app, other]) {
    await open(page, "Alarms");
    await expect(row(page, "Work")).toBeVisible();
    await installed(page);
    await page.context().setOffline(true);
  }
  await rename(app, "Work", "Office");
  await row(other, "Work").getByRole("link").first().click();
  await other.getByLabel("Time", { exact: true }).fill("08:15");
  await other.getByRole("button", { name: /^save/i }).click();
  await expect(row(other, "Work")).toBeVisible();
  for (const page of [other, app]) await page.context().setOffline(false);

  for (const page of [app, other]) {
    await expect(row(page, "Office")).toContainText("08:15", { timeout: 20_000 });
    await expect(page.getByText("Not sent yet")).toHaveCount(0);
  }
  const merged = await client.call<Alarm>("GET", `/alarms/${alarm.id}`);
  expect(merged).toMatchObject({ label: "Office", schedule: { start: "2030-01-07T08:15:00" } });
  await other.context().close();
});

async function open(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: place }).click();
  await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
}

function row(page: Page, label: string) {
  return page.locator("main li", { hasText: label }).filter({ has: page.getByRole("switch") });
}

async function rename(page: Page, from: string, to: string): Promise<void> {
  await row(page, from).getByRole("link").first().click();
  await page.getByLabel("Name", { exact: true }).fill(to);
  await page.getByRole("button", { name: /^save/i }).click();
  await expect(row(page, to)).toBeVisible();
}

async function create(page: Page, label: string): Promise<void> {
  await page.getByRole("link", { name: /new alarm/i }).click();
  await page.getByLabel("Name", { exact: true }).fill(label);
  await page.getByRole("button", { name: /^save/i }).click();
  await expect(row(page, label)).toBeVisible();
}
