// Smart wake in a real browser: a batch of epochs of somebody awake rings the page early, which says so, and history too.
import AxeBuilder from "@axe-core/playwright";
import { randomUUID } from "node:crypto";
import { ApiClient, expect, test } from "./fixtures";
import { occurrenceOf, ringIn, ringOf, stateOf } from "./rings";
import { listenToSpeakers } from "./speakers";

const ASLEEP = 240;
const AWAKE = 20;

test.beforeEach(async ({ context }) => listenToSpeakers(context));

test("somebody awake is rung before the alarm's time, told why, and not rung again", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  await api.call("PATCH", "/me", { settings: { sleep_consent: true } });
  const { id } = await ringIn(api, 600, { smart_wake_minutes: 30 });
  const start = new Date(Math.floor(Date.now() / 1000 - 30 * (ASLEEP + AWAKE)) * 1000).toISOString();
  const session = `/sleep/sessions/${randomUUID()}`;
  await api.call("PUT", session, { start, source: "wrist", time_zone: "Europe/Madrid" });
  const counts = [...Array<number>(ASLEEP).fill(0), ...Array<number>(AWAKE).fill(600)];
  const heart_rate = [...Array<number>(ASLEEP).fill(55), ...Array<number>(AWAKE).fill(82)];
  await api.call("POST", `${session}/epochs`, { first: 0, counts, heart_rate });

  await expect(ringOf(app)).toBeVisible({ timeout: 15_000 });
  await expect(
    ringOf(app).getByText(/You are awake or sleeping lightly, a good time to get up. Your alarm is for \d\d:\d\d\./),
  ).toBeVisible();
  expect((await new AxeBuilder({ page: app }).analyze()).violations).toEqual([]);
  await ringOf(app).getByRole("button", { name: "Dismiss" }).click();
  await expect(ringOf(app)).toBeHidden();
  await expect.poll(() => stateOf(api, id)).toBe("dismissed");
  await expect(app.getByRole("heading", { name: "Nothing rings in the next two days" })).toBeVisible();
  await expect(app.getByText(/After that/)).toBeHidden(); // the alarm's own time is still to come, and is answered
  expect((await occurrenceOf(api, id)).ledger.map((line) => line.event)).toContain("early");

  await app.goto(`/history/${encodeURIComponent(id)}`);
  await expect(app.getByText("Rang 10 minutes early: you were awake")).toBeVisible();
});
