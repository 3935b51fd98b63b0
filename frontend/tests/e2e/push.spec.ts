// A ring that comes as a push: shown with no page open, answered without a session, and said truthfully.
import { AxeBuilder } from "@axe-core/playwright";
import { ApiClient, expect, newPerson, signUp, test, type Person } from "./fixtures";
import {
  activeWorker,
  messageAt,
  messagesAt,
  pressNotification,
  PushDelivery,
  shownNotifications,
  stubSubscribe,
  subscribeAt,
  type Subscription,
} from "./pushTools";
import { startRevisions } from "./revisions";
import type { Server } from "./servers";

interface Phone {
  readonly api: ApiClient;
  readonly subscription: Subscription;
  readonly deviceId: string;
}

/** Somebody with one phone that has a push subscription; made by the API, as another browser would. */
async function phoneOf(host: Server, pushService: Server, person: Person): Promise<Phone> {
  await fetch(`${host.url}/api/v1/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...person, name: "Ana", time_zone: "Europe/Madrid", locale: "en" }),
  });
  const api = await ApiClient.of(host, person);
  const subscription = await subscribeAt(pushService);
  const deviceId = crypto.randomUUID();
  const { endpoint, keys } = subscription;
  await api.call("PUT", `/devices/${deviceId}`, { name: "Phone", push_subscription: { endpoint, keys } });
  return { api, subscription, deviceId };
}

/** An alarm that rings in a moment; its occurrence. */
async function ringSoon(api: ApiClient): Promise<string> {
  const at = new Date(Date.now() + 2_500);
  const local = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Madrid",
    dateStyle: "short",
    timeStyle: "medium",
  })
    .format(at)
    .replace(" ", "T");
  const alarm = await api.call<{ next: { id: string } }>("POST", "/alarms", { label: "Work", schedule: { start: local } });
  return alarm.next.id;
}

test("a ring is shown with every page closed, and dismissed without a session", async ({
  page,
  context,
  host,
  pushService,
}) => {
  await context.grantPermissions(["notifications"]);
  await page.goto("/sign-in");
  const { api, subscription, deviceId } = await phoneOf(host, pushService, newPerson());
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("/sw.js");
  });
  const worker = await activeWorker(context);
  const delivery = await PushDelivery.of(page);
  const occurrenceId = await ringSoon(api);
  const ring = await messageAt(pushService, subscription, "ring");
  await page.goto("about:blank");

  await delivery.deliver(ring);
  await expect
    .poll(() => shownNotifications(worker))
    .toEqual([expect.objectContaining({ tag: occurrenceId, actions: ["snooze", "dismiss"] })]);
  const ledger = async () =>
    await api.call<{ state: string; ledger: { event: string; device_id: string }[] }>("GET", `/occurrences/${occurrenceId}`);
  await expect
    .poll(async () => (await ledger()).ledger.filter((one) => one.event === "shown"))
    .toMatchObject([{ device_id: deviceId }]);

  await pressNotification(worker, occurrenceId, "dismiss");
  await expect.poll(async () => (await ledger()).state).toBe("dismissed");
  await expect.poll(() => shownNotifications(worker)).toMatchObject([{ tag: occurrenceId, body: "Stopped", actions: [] }]);

  // The same ring once more, late: what is over stays over.
  await delivery.deliver(ring);
  await delivery.deliver("{ broken");
  await expect
    .poll(async () => (await shownNotifications(worker)).map((one) => one.tag).sort())
    .toEqual([occurrenceId, "unclear"].sort());
  expect((await shownNotifications(worker)).find((one) => one.tag === occurrenceId)?.body).toBe("Stopped");
});

test("notifications are turned on by a press, a test shows its latency, the other device its trouble", async ({
  page,
  context,
  host,
  pushService,
  person,
}) => {
  const subscription = await subscribeAt(pushService);
  await stubSubscribe(context, subscription);
  await signUp(page, person);
  await page.goto("/devices");
  await expect(page.getByText(/Alarms will sound here|Alarms show here while this page is open/)).toBeVisible();
  await page.getByRole("button", { name: "Turn on notifications" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Notifications are on." })).toBeVisible();

  const delivery = await PushDelivery.of(page);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(async () => {
    for (const text of await messagesAt(pushService, subscription)) await delivery.deliver(text);
    await expect(page.getByText(/It works\. The test was shown after \d+ ms\./)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await page.getByText("What was checked").click();
  await expect(page.getByText(/The last test was shown after \d+ ms/)).toBeVisible();

  const api = await ApiClient.of(host, person);
  const tablet = crypto.randomUUID();
  await api.call("PUT", `/devices/${tablet}`, { name: "Kitchen tablet" });
  await expect(page.getByRole("heading", { name: "Kitchen tablet" })).toBeVisible();
  await page.getByRole("group", { name: "When does Kitchen tablet ring?" }).getByText("Backup").click();
  await expect.poll(async () => (await api.call<{ ring: string }>("GET", `/devices/${tablet}`)).ring).toBe("backup");
  for (const theme of ["light", "dark"]) {
    await page.evaluate((one) => (document.documentElement.dataset["theme"] = one), theme);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await page.getByRole("button", { name: "Remove Kitchen tablet" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "Kitchen tablet" })).toBeVisible();
});

test("an answer given offline in the notification waits, says so, and arrives", async ({
  page,
  context,
  host,
  pushService,
  person,
}) => {
  const subscription = await subscribeAt(pushService);
  await stubSubscribe(context, subscription);
  await signUp(page, person);
  await page.goto("/devices");
  await page.getByRole("button", { name: "Turn on notifications" }).click();
  await expect(page.getByText("Notifications are on.")).toBeVisible();
  const delivery = await PushDelivery.of(page);
  const worker = await activeWorker(context);
  const api = await ApiClient.of(host, person);
  const occurrenceId = await ringSoon(api);
  const ring = await messageAt(pushService, subscription, "ring");
  await delivery.deliver(ring);
  await expect.poll(() => shownNotifications(worker)).toMatchObject([{ tag: occurrenceId, title: "Work" }]);

  await context.setOffline(true);
  await pressNotification(worker, occurrenceId, "dismiss");
  await expect
    .poll(async () => (await shownNotifications(worker))[0]?.body, { timeout: 20_000 })
    .toContain("Dismissed on this device.");
  const state = async () => (await api.call<{ state: string }>("GET", `/occurrences/${occurrenceId}`)).state;
  expect(await state()).toBe("ringing");
  await context.setOffline(false);
  await expect.poll(state, { timeout: 20_000 }).toBe("dismissed");
});

test("a new version waits until the person starts it", async ({ page, context, host, person }) => {
  const front = await startRevisions(host);
  try {
    await page.goto(`${front.url}/sign-up`);
    await page.getByLabel(/e-?mail/i).fill(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.locator('main button[type="submit"]').click();
    await page.getByRole("navigation").first().waitFor();
    const first = await activeWorker(context);
    expect(await first.evaluate(() => Reflect.get(self, "revision") as unknown)).toBe(1);
    await page.reload(); // from now on a worker is in charge of this page

    front.release();
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update();
    });
    await expect(page.getByText("A new version is ready.")).toBeVisible();
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null)).toBe(true);

    const reloaded = page.waitForEvent("load");
    await page.getByRole("button", { name: "Reload" }).click();
    await reloaded;
    await page.getByRole("navigation").first().waitFor();
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull();
  } finally {
    await front.stop();
  }
});
