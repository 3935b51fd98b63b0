// What this device knows of itself: may it notify, is it subscribed, did the last test push come. Kept up to date here.
import { create } from "zustand";
import { isAppleTouch } from "../app/install";
import { readValue, type LastTest } from "./known";
import { registerWorker } from "./registration";
import { supportOf, type Support } from "./support";

export interface DeviceFacts {
  readonly isRead: boolean;
  readonly support: Support;
  readonly permission: NotificationPermission;
  /** The endpoint of this browser's subscription. */
  readonly endpoint: string | null;
  readonly deviceId: string | null;
  readonly lastTest: LastTest | null;
}

export const useFacts = create<DeviceFacts>()(() => ({
  isRead: false,
  support: "unsupported",
  permission: "default",
  endpoint: null,
  deviceId: null,
  lastTest: null,
}));

const WORKER_MS = 3_000;

/** Look again. Never rejects. */
export async function readFacts(): Promise<DeviceFacts> {
  const support = supportHere();
  const subscription = support === "ok" ? await subscriptionHere() : null;
  const [known, lastTest] = await Promise.all([
    readValue("known").catch(() => null),
    readValue("lastTest").catch(() => null),
  ]);
  const facts: DeviceFacts = {
    isRead: true,
    support,
    permission: support === "ok" ? Notification.permission : "default",
    endpoint: subscription?.endpoint ?? null,
    deviceId: known?.deviceId ?? null,
    lastTest,
  };
  useFacts.setState(facts);
  return facts;
}

export async function subscriptionHere(): Promise<PushSubscription | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), WORKER_MS));
  const registration = await Promise.race([registerWorker(), late]);
  return (await registration?.pushManager.getSubscription().catch(() => null)) ?? null;
}

/** Look again whenever something may have changed: the person comes back, or changes a setting of the browser. */
export function watchFacts(): void {
  void readFacts();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void readFacts();
  });
  // Not every browser tells of a changed permission; those are asked when the page is seen again.
  void (navigator as { readonly permissions?: Permissions }).permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", () => void readFacts()))
    .catch(() => undefined);
}

function supportHere(): Support {
  const isStandalone =
    matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);
  return supportOf({
    isSecure: isSecureContext,
    hasWorker: "serviceWorker" in navigator,
    hasPush: "PushManager" in window,
    hasNotification: "Notification" in window,
    isAppleTouch: isAppleTouch(),
    isStandalone,
  });
}
