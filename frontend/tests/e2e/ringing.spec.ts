// What the product is for: it rings. Shown, heard and answered in a real browser, by socket and by the device's own clock.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ApiClient, expect, installed, signIn, test } from "./fixtures";
import { occurrenceOf, ringIn, ringOf, stateOf } from "./rings";
import { HEARD, listenToSpeakers, loudness } from "./speakers";

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    await page.waitForTimeout(250); // colours that glide would be measured on their way
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
}

test.beforeEach(async ({ context }) => listenToSpeakers(context));

test("a ring is shown and heard, and the ledger says so; a snooze reaches the server", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  const { id } = await ringIn(api, 4);
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect(ringOf(app).getByRole("heading", { name: "Work" })).toBeVisible();
  await expect.poll(() => loudness(app)).toBeGreaterThan(HEARD);
  await expect
    .poll(async () => (await occurrenceOf(api, id)).ledger.map((line) => line.event))
    .toEqual(expect.arrayContaining(["shown", "heard"]));
  await expectAccessible(app);

  await ringOf(app)
    .getByRole("button", { name: /^Snooze/ })
    .click();
  await expect(ringOf(app)).toBeHidden();
  await expect.poll(() => loudness(app)).toBe(0);
  await expect.poll(() => stateOf(api, id)).toBe("snoozed");
});

test("dismissed on one device, it stops on the other at once", async ({ app, browser, host, person }) => {
  const other = await browser.newContext({ baseURL: host.url });
  await listenToSpeakers(other);
  const second = await other.newPage();
  await signIn(second, person);
  const api = await ApiClient.of(host, person);
  const { id } = await ringIn(api, 4);
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect(ringOf(second)).toBeVisible();
  await expect.poll(() => loudness(second)).toBeGreaterThan(HEARD);

  await ringOf(app).getByRole("button", { name: "Dismiss" }).click();
  await expect(ringOf(second)).toBeHidden({ timeout: 3_000 });
  await expect.poll(() => loudness(second)).toBe(0);
  await expect.poll(() => stateOf(api, id)).toBe("dismissed");
  await other.close();
});

test("of two tabs of one browser one sounds, and an answer in one ends both", async ({ app, context, host, person }) => {
  const api = await ApiClient.of(host, person);
  const second = await context.newPage();
  await second.goto("/alarms");
  await second.getByRole("heading", { level: 1 }).click(); // both may sound
  await ringIn(api, 4);
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect(ringOf(second)).toBeVisible();
  await expect.poll(async () => Math.max(await loudness(app), await loudness(second))).toBeGreaterThan(HEARD);
  await app.waitForTimeout(500);
  expect(Math.min(await loudness(app), await loudness(second))).toBe(0);
  await ringOf(second).getByRole("button", { name: "Dismiss" }).click();
  await expect(ringOf(app)).toBeHidden();
  await expect.poll(async () => (await loudness(app)) + (await loudness(second))).toBe(0);
});

test("it rings and sounds with no network, and what was answered is sent when there is one again", async ({
  app,
  context,
  host,
  person,
}) => {
  const api = await ApiClient.of(host, person);
  const { id, at } = await ringIn(api, 14);
  await expect(app.getByText("Work").first()).toBeVisible(); // it is on this device
  await installed(app);
  await context.setOffline(true);
  await app.reload(); // from what the browser keeps, alone
  await app.getByRole("heading", { level: 1 }).click(); // a page has to be touched once before it may sound
  expect(Date.now()).toBeLessThan(at - 500);

  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  const late = Date.now() - at;
  await expect.poll(() => loudness(app)).toBeGreaterThan(HEARD);
  // The clock itself is held to its instant elsewhere; a busy machine measures the server's time, and looks, this late.
  expect(Math.abs(late)).toBeLessThan(3_000);
  await ringOf(app).getByRole("button", { name: "Dismiss" }).click();
  await expect(ringOf(app)).toBeHidden();
  await expect.poll(() => loudness(app)).toBe(0);

  await context.setOffline(false);
  await expect.poll(() => stateOf(api, id), { timeout: 20_000 }).toBe("dismissed");
  await expect // that it rang here is told then as well
    .poll(async () => (await occurrenceOf(api, id)).ledger.map((line) => line.event), { timeout: 20_000 })
    .toEqual(expect.arrayContaining(["shown", "heard"]));
});

test("a challenge is solved by keyboard alone, and no key by chance ends the ring", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  await ringIn(api, 3, { ring: { challenge: "math", ramp_seconds: 0 } });
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await app.waitForTimeout(1_100); // keys that come at once are not answers
  await app.keyboard.press("Escape");
  await expect(ringOf(app)).toBeVisible();
  await app.keyboard.press("d");
  await app.keyboard.type("1");
  await app.keyboard.press("Enter");
  await expect(ringOf(app).getByRole("alert")).toHaveText("Not quite. Try again.");
  const question = await ringOf(app)
    .getByLabel(/How much is/)
    .evaluate((input) => (input as HTMLInputElement).labels![0]!.textContent);
  const [first, second] = [...question.matchAll(/\d+/g)].map(Number);
  await app.keyboard.type(String(first! + second!));
  await expectAccessible(app);
  await app.keyboard.press("Enter");
  await expect(ringOf(app)).toBeHidden();
});

test("instead of a challenge a button is held, by keyboard too; past its limit no snooze is offered", async ({
  app,
  host,
  person,
}) => {
  const api = await ApiClient.of(host, person);
  const ring = { challenge: "math", ramp_seconds: 0 };
  const { id } = await ringIn(api, 3, { ring, snooze: { minutes: 9, limit: 0 } });
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect(ringOf(app).getByRole("button", { name: /Snooze/ })).toHaveCount(0);
  await app.waitForTimeout(1_100);
  await app.keyboard.press("Enter"); // "Dismiss" has the focus
  await app.keyboard.press("Tab");
  await app.keyboard.press("Tab");
  await expect(ringOf(app).getByRole("button", { name: /Hold this button/ })).toBeFocused();
  await app.keyboard.down("Space");
  await expect(ringOf(app)).toBeHidden({ timeout: 15_000 });
  await app.keyboard.up("Space");
  await expect.poll(() => stateOf(api, id)).toBe("dismissed");
});

test("after a test of an alarm the focus is where it was", async ({ app }) => {
  await app.goto("/alarms/new");
  await app.getByText("Sound", { exact: true }).first().click();
  const button = app.getByRole("button", { name: "Test this alarm now" });
  await button.click();
  await ringOf(app).getByRole("button", { name: "End the test" }).click();
  await expect(ringOf(app)).toBeHidden();
  await expect(button).toBeFocused();
});

test("bedside mode promises the time it will sound, and sounds, offline too", async ({ app, context, host, person }) => {
  const api = await ApiClient.of(host, person);
  await app.goto("/bedside");
  await expectAccessible(app);
  await app.getByRole("button", { name: "Start" }).click();
  await expect(app.getByText("No alarm in the next 24 hours.")).toBeVisible();
  await ringIn(api, 6);
  await expect(app.getByText(/This device will sound at .+ while this page stays open/)).toBeVisible();
  await context.setOffline(true);
  await expectAccessible(app);
  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect.poll(() => loudness(app)).toBeGreaterThan(HEARD);
  await ringOf(app).getByRole("button", { name: "Dismiss" }).click();
  await app.getByRole("button", { name: "Leave bedside mode" }).click();
  await expect(app.getByRole("button", { name: "Start" })).toBeVisible();
});
