// What a sign-out does beyond this device's memory: no more pushes, no session on the server, no cached data. Best effort.
const STEP_TIMEOUT_MS = 4_000;

export interface Leaving {
  readonly token: string | null;
  readonly deviceId: string | null;
}

/** Never rejects, and ends within a few seconds: a person who wants to go is not held up by the network. */
export async function leave({ token, deviceId }: Leaving): Promise<void> {
  await Promise.allSettled([within(unsubscribe()), within(dropDevice(token, deviceId))]);
  await within(call("POST", "/api/v1/auth/logout", token)).catch(() => undefined);
  await within(dropCaches()).catch(() => undefined);
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

function within(work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((done) => setTimeout(done, STEP_TIMEOUT_MS))]);
}
