// The browser renewed or ended its push subscription: subscribe again and let the server know.
import { changeSubscription } from "../push/renew";
import { writeValue } from "../push/known";
import { surroundings } from "./surroundings";

declare const self: ServiceWorkerGlobalScope;

/** TypeScript's worker library does not know it. */
export interface PushSubscriptionChange extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

export async function onSubscriptionChange(event: PushSubscriptionChange): Promise<void> {
  const key = event.oldSubscription?.options.applicationServerKey ?? null;
  try {
    const renewed = event.newSubscription ?? (await subscribe(key));
    if (renewed && (await changeSubscription(renewed))) return;
  } catch {
    // told below
  }
  await writeValue("isRenewalOwed", true);
  const { words, known } = await surroundings(null);
  if (known.deviceId === null) return; // nobody is signed in here
  await self.registration.showNotification("Smart Alarm", {
    body: words.subscribeAgain,
    tag: "renewal",
    icon: "/icon-192.png",
  });
}

async function subscribe(key: ArrayBuffer | null): Promise<PushSubscription | null> {
  if (key === null) return await self.registration.pushManager.getSubscription();
  return await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}
