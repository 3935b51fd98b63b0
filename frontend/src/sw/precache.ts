// The app on the disk: every file of this version, and the page for every address of the app.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

export interface ManifestEntry {
  readonly url: string;
  readonly revision: string | null;
}

/** The server's own addresses: never the app's page. */
const OF_THE_SERVER = [/^\/api\//, /^\/ws(\/|$)/, /^\/docs(\/|$)/];

export function servePrecached(manifest: readonly ManifestEntry[]): void {
  cleanupOutdatedCaches();
  precacheAndRoute([...manifest]);
  registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: OF_THE_SERVER }));
}
