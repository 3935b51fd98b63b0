// The service worker: which event goes where. Each part is a small file of its own.
import { readPageMessage } from "../push/messages";
import { onNotificationClick } from "./clicks";
import { sendOutbox, OUTBOX_TAG, type SyncEvent } from "./outbox";
import { servePrecached, type ManifestEntry } from "./precache";
import { onPush } from "./push";
import { onSubscriptionChange, type PushSubscriptionChange } from "./renewal";
import { startWhenQuiet } from "./updates";

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly ManifestEntry[] };

servePrecached(self.__WB_MANIFEST);

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(onPush(textOf(event.data))));
self.addEventListener("notificationclick", (event) =>
  event.waitUntil(onNotificationClick(event.notification, event.action)),
);
self.addEventListener("message", (event) => {
  if (readPageMessage(event.data)) event.waitUntil(startWhenQuiet());
});
// TypeScript's library does not name these two as events of a worker.
self.addEventListener("pushsubscriptionchange" as "push", (event) =>
  event.waitUntil(onSubscriptionChange(event as unknown as PushSubscriptionChange)),
);
self.addEventListener("sync" as "push", (event) => {
  if ((event as unknown as SyncEvent).tag === OUTBOX_TAG) event.waitUntil(sendOutbox());
});

function textOf(data: PushMessageData | null): string | null {
  try {
    return data?.text() ?? null;
  } catch {
    return null;
  }
}
