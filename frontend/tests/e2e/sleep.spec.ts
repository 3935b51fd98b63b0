// Nights: consent first, a night as picture and as table, something to try, and erasing it all.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ApiClient, expect, installed, test, type Person } from "./fixtures";
import { madeNight, sendNight, sendNights } from "./nights";
import type { Server } from "./servers";
import { choose } from "./tour";

const HOUR = 3_600_000;

async function consenting(host: Server, person: Person): Promise<ApiClient> {
  await choose(host, person, { sleep_consent: true });
  return await ApiClient.of(host, person);
}

test("nothing is kept before somebody says yes", async ({ app, host, person }) => {
  const client = await ApiClient.of(host, person);
  const night = madeNight(new Date(Date.now() - 9 * HOUR), 480, 1);
  await expect(sendNight(client, night)).rejects.toThrow(/403.*consent_required/);

  await app.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Sleep" }).click();
  await expect(app.getByRole("heading", { name: "Would you like to see how you sleep?" })).toBeVisible();
  await app.getByRole("button", { name: "Yes, keep my nights" }).click();
  await expect(app.getByRole("link", { name: "Record tonight" })).toBeVisible();
  await expect(app.getByRole("link", { name: "Import nights" }).first()).toBeVisible();
  await expect.poll(async () => await sendNight(client, night).catch(() => "refused")).not.toBe("refused");

  await app.getByRole("link", { name: "Record tonight" }).click(); // and then all that is left is to press Start
  await expect(app.getByRole("switch", { name: /Record my sleep tonight/ })).toBeChecked();
  await expect(app).toHaveURL("/bedside");
});

test("a night's picture and its table say the same, and it can be erased", async ({ app, host, person }) => {
  const client = await consenting(host, person);
  const staged = madeNight(new Date(Date.now() - 34 * HOUR), 420, 2);
  const ids = [
    await sendNight(client, staged, { how: "vendor" }),
    await sendNight(client, madeNight(new Date(Date.now() - 10 * HOUR), 480, 3)),
  ];
  await app.goto("/sleep");
  await expect(app.getByText("estimated from movement and heart rate")).toBeVisible();
  await expect(app.getByText("Not enough nights yet: 2 of 7").first()).toBeVisible();

  await app.goto(`/sleep/${ids[0] ?? ""}`);
  await expect(app.getByText("as told by Apple Health")).toBeVisible();
  const figure = app.getByRole("figure");
  await expect(figure.getByRole("table")).toHaveCount(1); // for screen readers, also while the picture is shown
  const drawn = await figure.locator("svg rect").count();
  await figure.getByRole("button", { name: "Show as table" }).click();
  const table = figure.getByRole("table", { name: "Stages of sleep, one row for each stretch" });
  await expect(table).toBeVisible();
  await expect(table.locator("tbody tr")).toHaveCount(drawn);
  await expect(table.locator("tbody tr")).toHaveCount(stretches(staged.stages));
  await expect(figure.locator("svg")).toHaveCount(0);

  await app.goto(`/sleep/${ids[1] ?? ""}`);
  const slider = app.getByRole("slider", { name: "Moment of the night" });
  await slider.focus();
  await app.keyboard.press("ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuetext", /^\d\d:\d\d: (Awake|Light|Deep|REM), \d+% sure$/);
  await app.getByRole("button", { name: "Show", exact: true }).click();
  await expect(app.getByRole("figure")).toHaveCount(3); // stages, heart rate, movement
  expect(await violations(app)).toEqual([]);
  const file = app.waitForEvent("download");
  await app.getByRole("button", { name: "Download this night" }).click();
  expect((await file).suggestedFilename()).toMatch(/^smart-alarm-night-\d{4}-\d\d-\d\d\.json$/);

  await app.getByRole("button", { name: "Erase this night" }).click();
  await app.getByRole("dialog").getByRole("button", { name: "Erase for good" }).click();
  await expect(app).toHaveURL("/sleep");
  const kept = await client.call<{ items: { id: string }[] }>("GET", "/sleep/sessions");
  expect(kept.items.map(({ id }) => id)).toEqual([ids[0]]);
});

test("patterns, something to try, and then nothing is left", async ({ app, host, person }) => {
  const client = await consenting(host, person);
  await sendNights(client, 12);
  await app.goto("/sleep");
  await expect(app.getByRole("heading", { name: "Something to try" })).toBeVisible();
  const ideas = app.getByRole("listitem").filter({ has: app.getByRole("button", { name: "Not for me" }) });
  const before = await ideas.count();
  expect(before).toBeGreaterThan(0);
  await ideas.first().getByRole("button", { name: "Not for me" }).click();
  await expect(ideas).toHaveCount(before - 1);
  await app.getByRole("button", { name: "Undo" }).click();
  await expect(ideas).toHaveCount(before);
  await ideas.first().getByRole("button", { name: "I will try it" }).click();
  await expect(app.getByText("Trying it", { exact: true })).toBeVisible();

  const bars = app.getByRole("figure").filter({ hasText: "Time asleep" });
  await app.getByText("90 days", { exact: true }).click();
  await expect(bars.locator("svg rect")).toHaveCount(await bars.locator("tbody tr").count());
  expect(await violations(app)).toEqual([]);

  await app.getByRole("button", { name: "Erase all nights" }).click();
  const dialog = app.getByRole("dialog", { name: "Erase all nights?" });
  await dialog.getByRole("button", { name: "Keep" }).click();
  await app.getByRole("button", { name: "Erase all nights" }).click();
  await dialog.getByRole("button", { name: "Erase for good" }).click();
  await expect(app.getByRole("heading", { name: "No nights yet" })).toBeVisible();
  expect((await client.call<{ items: unknown[] }>("GET", "/sleep/sessions")).items).toEqual([]);
});

test("without a connection the last answer stays, and where there is none it says so", async ({
  app,
  context,
  host,
  person,
}) => {
  const client = await consenting(host, person);
  await sendNight(client, madeNight(new Date(Date.now() - 10 * HOUR), 480, 3));
  await app.goto("/sleep");
  await expect(app.getByText("See the night")).toBeVisible();
  await installed(app);
  await context.setOffline(true);
  const places = app.getByRole("navigation", { name: "Main" });
  await places.getByRole("link", { name: "Alarms" }).click();
  await places.getByRole("link", { name: "Sleep" }).click();
  await expect(app.getByText("See the night")).toBeVisible();
  await app.reload();
  await expect(app.getByText("Your nights are kept on the server. Your alarms work without it.")).toBeVisible();
  await context.setOffline(false);
  await app.getByRole("button", { name: "Try again" }).click();
  await expect(app.getByText("See the night")).toBeVisible();
});

function stretches(stages: readonly string[]): number {
  return stages.filter((stage, index) => index === 0 || stage !== stages[index - 1]).length;
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`));
}
