// The service worker: each part in its own small file.
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[];
};

cleanupOutdatedCaches();
precacheAndRoute([...self.__WB_MANIFEST]);
