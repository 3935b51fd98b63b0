// Signing out: no more pushes, no session on the server, nothing of the person on this device.
import { forgetAll } from "../push/known";
import { Nights } from "../recording/nights";
import { context } from "../replica/context";
import { readSession } from "./store";

const STEP_TIMEOUT_MS = 4_000;
/** How long signing out waits for the last edits to be sent. */
const LAST_TRY_MS = 5_000;

/** How many edits are not sent and keep the person from leaving; 0: everything is forgotten. */
export async function leave(isForced: boolean): Promise<number> {
  const { disk, tokens, engine } = context();
  if (!isForced) {
    if (await countUnsent()) await within(engine.flushOutbox(), LAST_TRY_MS);
    const unsent = await countUnsent();
    if (unsent) return unsent;
  }
  const answer = await Promise.race([tokens.get(), after(STEP_TIMEOUT_MS)]);
  const token = answer?.type === "token" ? answer.token : null;
  const deviceId = await knownDeviceId();
  await Promise.allSettled([stopPushes(), within(dropDevice(token, deviceId))]);
  await within(call("POST", "/api/v1/auth/logout", token));
  await disk.change("session", (session) => ({ ...session, isEnded: true })); // nothing more comes from a round underway
  await forgetPerson();
  await readSession();
  return 0;
}

/** Never rejects, and ends within a few seconds: a person who wants to go is not held up. */
export async function stopPushes(): Promise<void> {
  await within(unsubscribe());
}

/** Empty the disk, the memory of all tabs and the caches of this browser. */
export async function forgetPerson(): Promise<void> {
  const { disk, tokens, channel } = context();
  tokens.drop();
  await forgetAll().catch(() => undefined);
  await new Nights().clear().catch(() => undefined);
  await within(dropCaches());
  await disk.clear();
  channel.post({ type: "cleared" });
}

async function countUnsent(): Promise<number> {
  return (await context().disk.db()).count("outbox");
}

/** Null when the server does not know this browser as a device: nothing is to be deleted there. */
async function knownDeviceId(): Promise<string | null> {
  const { disk } = context();
  const id = await disk.read("client_id");
  const known = id === undefined ? undefined : await (await disk.db()).get("base", ["device", id]);
  return known && !known.deleted ? known.id : null;
}

async function unsubscribe(): Promise<void> {
  const workers = (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  const registration = await workers?.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function dropDevice(token: string | null, deviceId: string | null): Promise<void> {
  if (token && deviceId) await call("DELETE", `/api/v1/devices/${encodeURIComponent(deviceId)}`, token);
}

async function call(method: string, path: string, token: string | null): Promise<void> {
  await fetch(`${location.origin}${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    ...(method === "POST" ? { body: "{}" } : {}),
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(STEP_TIMEOUT_MS),
  });
}

/** The app's own files stay: they are the same for everybody. */
async function dropCaches(): Promise<void> {
  if (typeof caches === "undefined") return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.includes("precache")).map((name) => caches.delete(name)));
}

/** Waits for it, but not for long; that it failed does not matter. */
async function within(work: Promise<unknown>, ms = STEP_TIMEOUT_MS): Promise<void> {
  await Promise.race([work.catch(() => undefined), after(ms)]);
}

function after(ms: number): Promise<null> {
  return new Promise((late) => setTimeout(() => late(null), ms));
}
