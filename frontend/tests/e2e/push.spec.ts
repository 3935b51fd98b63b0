// A ring that comes as a push: shown with no page open, answered without a session, and said truthfully.
import { ApiClient, expect, newPerson, test, type Person } from "./fixtures";
import {
  activeWorker,
  messageAt,
  pressNotification,
  PushDelivery,
  shownNotifications,
  subscribeAt,
  type Subscription,
} from "./pushTools";
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
  const ring = await messageAt(pushService, subscription, 0);
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
