// Recording a night: the devtools' movement sensor, the worker that counts, the disk, and the real server.
import AxeBuilder from "@axe-core/playwright";
import type { CDPSession, Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { ApiClient, expect, test } from "./fixtures";

const SENSORS = ["accelerometer", "linear-acceleration", "gyroscope"] as const;
const EPOCH_MS = 30_000;

interface Session {
  readonly id: string;
  readonly start: string;
  readonly state: string;
  readonly source: string;
  readonly received_epochs: number;
  readonly counts?: readonly (number | null)[] | null;
}

/** A phone's sensor, lying still. */
async function giveSensor(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  const metadata = { available: true, minimumFrequency: 10, maximumFrequency: 60 };
  for (const type of SENSORS) await devtools.send("Emulation.setSensorOverrideEnabled", { enabled: true, type, metadata });
  await feel(devtools, 9.81);
  return devtools;
}

async function feel(devtools: CDPSession, z: number): Promise<void> {
  for (const type of SENSORS)
    await devtools.send("Emulation.setSensorOverrideReadings", { type, reading: { xyz: { x: 0, y: 0, z } } });
}

/** Wants to record, and says yes to what is kept. */
async function agree(page: Page): Promise<void> {
  await page.goto("/bedside");
  await page.getByRole("button", { name: "Yes, I agree" }).click();
  await expect(page.getByRole("switch", { name: /Record my sleep tonight/ })).toBeChecked();
}

async function sessions(api: ApiClient): Promise<readonly Session[]> {
  return (await api.call<{ items: Session[] }>("GET", "/sleep/sessions")).items;
}

test("a night is recorded after a yes, also without a connection, and ended by “I'm up”", async ({
  app,
  context,
  host,
  person,
}) => {
  test.setTimeout(90_000); // half a minute is counted in half a minute
  const api = await ApiClient.of(host, person);
  const devtools = await giveSensor(app);
  await agree(app);
  expect((await new AxeBuilder({ page: app }).analyze()).violations).toEqual([]);
  await app.getByRole("button", { name: "Start" }).click();
  await expect(app.getByText(/Recording your sleep since/)).toBeVisible();
  await expect
    .poll(async () => (await sessions(api)).map(({ state, source }) => [state, source]))
    .toEqual([["recording", "mattress"]]);
  const [begun] = await sessions(api);
  expect((await new AxeBuilder({ page: app }).analyze()).violations).toEqual([]);

  await context.setOffline(true); // what is counted now waits on the disk
  for (let turn = 0; turn < 30; turn += 1) {
    await feel(devtools, 9.81 + (turn % 2) * 8);
    await app.waitForTimeout(100); // about 5 Hz
  }
  await feel(devtools, 9.81);
  await app.waitForTimeout(Math.max(0, Date.parse(begun!.start) + EPOCH_MS + 1_500 - Date.now()));
  await app.getByRole("button", { name: "I'm up" }).click();
  await expect(app.getByText("It is kept on this device and sent when there is a connection.")).toBeVisible();

  await context.setOffline(false);
  await app.reload(); // another start of the app sends what was left
  const path = `/sleep/sessions/${begun!.id}?signal=true`;
  await expect.poll(async () => (await api.call<Session>("GET", path)).state, { timeout: 20_000 }).toBe("finished");
  const night = await api.call<Session>("GET", path);
  expect(night.received_epochs).toBe(1);
  expect(night.counts?.[0]).toBeGreaterThan(0);
});

test("without a sensor nothing is recorded, and that is said", async ({ app, host, person }) => {
  await agree(app);
  await app.getByRole("button", { name: "Start" }).click();
  await expect(app.getByText(/No movement data comes from this device/)).toBeVisible();
  expect(await sessions(await ApiClient.of(host, person))).toEqual([]);
});

// Two hundred epochs are enough to go packed.
test("a night whose page was closed is sent and ended by a later start of the app", async ({ app, host, person }) => {
  const api = await ApiClient.of(host, person);
  await agree(app);
  const id = randomUUID();
  await app.evaluate(async (nightId) => {
    const opened = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(new Error("the database"));
      });
    const main = await opened(indexedDB.open("smartalarm"));
    const session = (await opened(main.transaction("meta").objectStore("meta").get("session"))) as { userId: string };
    main.close();
    const startAt = Math.floor(Date.now() / 1000) * 1000 - 160 * 60_000;
    const db = await opened(indexedDB.open("smartalarm-nights"));
    const tx = db.transaction(["nights", "epochs"], "readwrite");
    const ended = new Promise((done) => (tx.oncomplete = done));
    tx.objectStore("nights").put({
      id: nightId,
      userId: session.userId,
      deviceId: null,
      timeZone: "Europe/Madrid",
      startAt,
      isTold: false,
      next: 200,
      lastAt: startAt + 100 * 60_000,
      endedAt: null,
      pauses: [],
    });
    for (let index = 0; index < 200; index += 1)
      tx.objectStore("epochs").put({ night: nightId, index, count: index === 5 ? null : index });
    await ended;
    db.close();
  }, id);
  await app.reload();
  await expect
    .poll(async () => (await sessions(api)).map((one) => [one.id, one.state, one.received_epochs]), { timeout: 20_000 })
    .toEqual([[id, "finished", 200]]);
});
