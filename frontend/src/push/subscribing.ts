// Getting pushes on this device: asked for by a press, kept up without one, and put among the person's devices.
import { replica } from "../replica/replica";
import { api } from "../session/api";
import { guessDeviceName } from "./deviceName";
import { readFacts, subscriptionHere } from "./facts";
import { ownDeviceId, readValue, writeValue } from "./known";
import { registerWorker } from "./registration";
import { subscriptionFields } from "./renew";

export type Allowed =
  | "on"
  /** The person, or the browser for them, said no. */
  | "denied"
  /** They closed the question. */
  | "undecided"
  /** The browser could not reach its push service, or has none. */
  | "no_push_service"
  /** Our server could not be told. */
  | "offline";

/** Call it from a press: the browser asks the person, and on yes this device gets pushes. */
export async function allowNotifications(): Promise<Allowed> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    await readFacts();
    return permission === "denied" ? "denied" : "undecided";
  }
  return await subscribe();
}

/** Subscribe, permission given, and tell the server. */
export async function subscribe(): Promise<Allowed> {
  const { data } = await api.GET("/api/v1/push/key").catch(() => ({ data: undefined }));
  if (!data) return "offline";
  const subscription = await subscribeWith(data.public_key).catch(() => null);
  const fields = subscription && subscriptionFields(subscription);
  if (!fields) {
    await readFacts();
    return "no_push_service";
  }
  const id = await ownDeviceId();
  const known = replica.all("device")?.find((device) => device.id === id)?.fields;
  const body = {
    name: known?.name ?? guessDeviceName(navigator.userAgent, navigator.maxTouchPoints),
    platform: known?.platform ?? "web",
    ring: known?.ring ?? ("always" as const),
    push_subscription: { ...fields, expirationTime: null },
  };
  const answer = await api
    .PUT("/api/v1/devices/{device_id}", { params: { path: { device_id: id } }, body })
    .catch(() => null);
  if (answer?.data) {
    await Promise.all([writeValue("isRegistered", true), writeValue("isRenewalOwed", false)]);
    void replica.syncNow();
  }
  await readFacts();
  return answer?.data ? "on" : "offline";
}

/** Among the person's devices from the first day on, with or without pushes. One that was removed stays removed. */
export async function keepRegistered(): Promise<void> {
  const devices = replica.all("device");
  if (devices === null || replica.state().pulledAt === null) return;
  const id = await ownDeviceId();
  const own = devices.find((device) => device.id === id);
  const isRegistered = await readValue("isRegistered");
  if (!own) {
    if (isRegistered) return;
    await writeValue("isRegistered", true);
    const name = guessDeviceName(navigator.userAgent, navigator.maxTouchPoints);
    await replica.write([{ kind: "device", id, fields: { name, platform: "web", ring: "always", deleted: false } }]);
  }
  const facts = await readFacts();
  if (facts.support !== "ok" || facts.permission !== "granted") return;
  const isOwed = await readValue("isRenewalOwed");
  const kept = own?.fields.push_subscription?.endpoint ?? null;
  if (isOwed || facts.endpoint === null || facts.endpoint !== kept) await subscribe();
}

async function subscribeWith(publicKey: string): Promise<PushSubscription | null> {
  const manager = (await registerWorker())?.pushManager;
  if (!manager) return null;
  const key = keyToBytes(publicKey);
  const before = await subscriptionHere();
  const used = before?.options.applicationServerKey;
  if (before && (!used || isSame(new Uint8Array(used), key))) return before;
  await before?.unsubscribe(); // made for another server's key
  return await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function keyToBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
