// The app's open pages, as the worker sees them.
import type { WorkerMessage } from "../push/messages";

declare const self: ServiceWorkerGlobalScope;

export async function openPages(): Promise<readonly WindowClient[]> {
  return await self.clients.matchAll({ type: "window", includeUncontrolled: true });
}

export async function tellPages(message: WorkerMessage): Promise<void> {
  for (const page of await openPages()) page.postMessage(message);
}

/** Show a path of the app: in a page that is open, else in a new one. */
export async function openPath(path: string): Promise<void> {
  const pages = await openPages();
  const page = pages.find((one) => one.focused) ?? pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) {
    await self.clients.openWindow(path);
    return;
  }
  page.postMessage({ type: "open", path } satisfies WorkerMessage);
  await page.focus().catch(() => undefined); // a browser may refuse the focus; the page has moved all the same
}
