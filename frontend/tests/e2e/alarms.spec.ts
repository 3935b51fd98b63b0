// The daily path: an alarm from its making to its end, on Today, in the list and in the editor; also offline and by keyboard.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ApiClient, expect, installed, test } from "./fixtures";

/** Tomorrow in the tests' zone, so that it lies within Today's two days. */
function tomorrow(time: string): string {
  const date = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid" }).format(Date.now() + 86_400_000);
  return `${date}T${time}:00`;
}

async function create(page: Page, { label, time }: { label: string; time: string }): Promise<void> {
  await page.getByRole("link", { name: "New alarm" }).first().click();
  await page.getByLabel("Time", { exact: true }).fill(time);
  await page.getByLabel("Name").fill(label);
  await page.getByText("Every day", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Alarms" })).toBeVisible();
}

const row = (page: Page, label: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: label });
const goTo = (page: Page, place: string) => page.getByRole("navigation").getByRole("link", { name: place }).click();

test("an alarm is made, found on Today and in the list, changed, skipped, and deleted for a moment", async ({ app }) => {
  await expect(app.getByRole("heading", { name: "Set your first alarm" })).toBeVisible();
  await create(app, { label: "Swim", time: "06:40" });
  await expect(row(app, "Swim")).toContainText("every day");
  await expect(row(app, "Swim")).toContainText("Next:");

  await goTo(app, "Today");
  await expect(app.getByRole("heading", { name: "Next ring" })).toBeVisible();
  await expect(app.getByRole("main")).toContainText("every day");

  // Skip the next one, take it back by undo, skip it in the list, take it back there.
  await app.getByRole("button", { name: "Skip this one" }).click();
  await expect(app.getByText("Will not ring. You skipped this one.")).toBeVisible();
  await app.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(app.getByText("Will not ring. You skipped this one.")).toHaveCount(0);
  await app
    .getByRole("button", { name: /^Skip Swim at/ })
    .last()
    .click();
  await app.getByRole("button", { name: /^Let Swim at/ }).click();
  await expect(app.getByText("Will not ring. You skipped this one.")).toHaveCount(0);

  await app.getByRole("link", { name: "Swim" }).first().click();
  await expect(app.getByRole("heading", { level: 1, name: "Change alarm" })).toBeVisible();
  await app.getByLabel("Name").fill("Swim early");
  await app.getByText("Some days", { exact: true }).click();
  await app.getByText("Category and notes").click();
  await app.getByLabel("Tags").fill("pool, cold");
  await app.getByRole("button", { name: "Save" }).click();
  await expect(row(app, "Swim early")).toContainText("pool, cold");

  await row(app, "Swim early")
    .getByRole("button", { name: /^More about/ })
    .click();
  await app.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(app.getByText("No alarms yet")).toBeVisible();
  await app.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(row(app, "Swim early")).toBeVisible();

  await row(app, "Swim early")
    .getByRole("button", { name: /^More about/ })
    .click();
  await app.getByRole("dialog").getByRole("link", { name: "Duplicate" }).click();
  await expect(app.getByLabel("Name")).toHaveValue("Swim early");
  await app.getByLabel("Name").fill("Swim late");
  await app.getByRole("button", { name: "Save" }).click();
  await expect(row(app, "Swim late")).toBeVisible();
  await expect(row(app, "Swim early")).toBeVisible();
});

test("many alarms are searched, filtered and switched together, and a nap is one press", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  for (const [label, category, tags] of [
    ["Pills", "medication", ["morning"]],
    ["Work", "work", []],
    ["Rent", "other", ["money"]],
    ["Gym", "exercise", []],
  ] as const) {
    await api.call("POST", "/alarms", {
      label,
      category,
      tags,
      schedule: { start: tomorrow("08:00"), rrule: "FREQ=DAILY" },
    });
  }
  await api.call("POST", "/alarms", { label: "Long ago", enabled: false, schedule: { start: "2026-01-01T08:00:00" } });
  await goTo(app, "Alarms");
  await expect(row(app, "Gym")).toBeVisible();
  await row(app, "Long ago").getByRole("switch").check(); // a date that is over becomes the next one
  await expect(row(app, "Long ago")).toContainText("Next:");

  await app.getByRole("searchbox").fill("health");
  await expect(app.getByRole("status").filter({ hasText: "1 alarm" })).toBeVisible();
  await expect(row(app, "Pills")).toBeVisible();
  await app.getByRole("searchbox").fill("nothing like it");
  await app.getByRole("button", { name: "Show all alarms" }).click();
  await app.getByRole("button", { name: "Filter" }).click();
  await app.getByLabel("Tag").selectOption("money");
  await expect(row(app, "Pills")).toHaveCount(0);
  await app.getByRole("button", { name: "Filter" }).click();

  await app.getByRole("button", { name: "Choose several" }).click();
  await app.getByRole("checkbox", { name: "Choose Gym" }).check();
  await app.getByRole("checkbox", { name: "Choose Work" }).check();
  await app.getByRole("button", { name: "Switch off" }).click();
  await expect(app.getByText("2 alarms switched off")).toBeVisible();
  await app.getByRole("button", { name: "Done" }).click();
  await expect(row(app, "Gym").getByRole("switch")).not.toBeChecked();
  await app.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(row(app, "Gym").getByRole("switch")).toBeChecked();

  await goTo(app, "Today");
  await app.getByRole("button", { name: "Ring in 20 minutes" }).click();
  await expect(app.getByText(/It will ring at \d\d:\d\d/)).toBeVisible();
  await expect(app.getByText(/^in 20 min$/)).toBeVisible();
  await app.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(app.getByText(/^in 20 min$/)).toHaveCount(0);
});

test("an alarm made offline shows as not sent, and is sent when the connection is back", async ({
  app,
  context,
  host,
  person,
}) => {
  await create(app, { label: "First", time: "06:40" });
  await expect(row(app, "First").getByText("Not sent yet")).toHaveCount(0);
  await installed(app);
  await context.setOffline(true);
  await create(app, { label: "On the train", time: "07:10" });
  await expect(row(app, "On the train").getByText("Not sent yet")).toBeVisible();
  await goTo(app, "Today");
  await expect(app.getByRole("link", { name: "On the train" }).first()).toBeVisible();
  await context.setOffline(false);
  await expect(app.getByText("Not sent yet")).toHaveCount(0, { timeout: 20_000 });
  const api = await ApiClient.of(host, person);
  const { items } = await api.call<{ items: { label: string }[] }>("GET", "/alarms");
  expect(items.map((alarm) => alarm.label).sort()).toEqual(["First", "On the train"]);
});

test("the editor says what is wrong at its field, and asks before it loses anything; all by keyboard", async ({ app }) => {
  await app.getByRole("link", { name: "New alarm" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1, name: "New alarm" })).toBeFocused();
  await app.getByLabel("Time", { exact: true }).focus();
  await app.keyboard.type("0630AM");
  await app.keyboard.press("Tab");
  await app.getByLabel("Name").focus();
  await app.keyboard.type("Bakery");
  await app.getByRole("radio", { name: "Once" }).focus();
  for (let n = 0; n < 4; n++) await app.keyboard.press("ArrowDown");
  await expect(app.getByRole("radio", { name: "Some days" })).toBeChecked();
  for (const day of await app.getByRole("group", { name: "Days of the week" }).getByRole("checkbox").all()) {
    if (await day.isChecked()) {
      await day.focus();
      await app.keyboard.press("Space");
    }
  }
  await app.getByRole("button", { name: "Save" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByText("Choose at least one day.")).toBeVisible();
  await expect(app.getByRole("checkbox", { name: "Monday" })).toBeFocused();

  await app.getByRole("navigation").getByRole("link", { name: "Today" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
  await app.keyboard.press("Escape");
  await expect(app.getByRole("dialog")).toHaveCount(0);

  await app.getByRole("checkbox", { name: "Monday" }).focus();
  await app.keyboard.press("Space");
  await app.getByLabel("Name").focus();
  await app.keyboard.press("Enter");
  await expect(row(app, "Bakery")).toContainText("Every Monday", { ignoreCase: true });
  await expect(row(app, "Bakery")).toContainText("06:30");
});

test("Today, the list and the editor have no accessibility faults in either theme", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  const alarm = { label: "Work", tags: ["early"], schedule: { start: tomorrow("07:00"), rrule: "FREQ=DAILY" } };
  const { next } = await api.call<{ next: { id: string } }>("POST", "/alarms", alarm);
  await api.call("POST", `/alarms/${next.id.split(":")[0] ?? ""}/skip`, { occurrence_id: next.id });
  for (const label of ["Pills", "Gym", "Rent"]) {
    await api.call("POST", "/alarms", { ...alarm, label, category: "medication", enabled: label !== "Rent" });
  }
  for (const theme of ["light", "dark"] as const) {
    await app.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await goTo(app, "Today");
    await expect(app.getByText("Will not ring. You skipped this one.")).toBeVisible();
    await expectNoFaults(app);
    await goTo(app, "Alarms");
    await expect(row(app, "Rent")).toBeVisible();
    await app.getByRole("button", { name: "Filter" }).click();
    if (theme === "dark") await app.getByRole("button", { name: "Choose several" }).click();
    await expectNoFaults(app);
    await app.getByRole("link", { name: "New alarm" }).click();
    await app.getByText("Other", { exact: true }).first().click();
    for (const part of ["Dates and time zone", "Sound", "Snooze and dismiss", "Category and notes"]) {
      await app.getByRole("heading", { level: 3, name: part, exact: true }).click();
    }
    await expectNoFaults(app);
    await app.getByRole("button", { name: "Cancel" }).click();
    await app.getByRole("button", { name: "Leave without saving" }).click();
  }
});

async function expectNoFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
