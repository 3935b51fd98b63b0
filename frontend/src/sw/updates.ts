// A new version waits until the person asks for it, and never starts while something rings.
import { tellPages } from "./pages";
import type { NotificationData } from "./platform";

declare const self: ServiceWorkerGlobalScope;

export async function startWhenQuiet(): Promise<void> {
  const now = Date.now();
  const rings = (await self.registration.getNotifications()).some((notification) => {
    const data = notification.data as NotificationData | null;
    return data?.type === "ring" && data.ringsUntil > now;
  });
  if (rings) await tellPages({ type: "update_waits" });
  else await self.skipWaiting();
}
