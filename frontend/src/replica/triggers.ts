// What in a page says that syncing is worth a try: it is looked at again, or the network came back.

export function listenToTriggers(sync: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === "visible") sync();
  };
  addEventListener("online", sync);
  addEventListener("focus", sync);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", sync);
    removeEventListener("focus", sync);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Ask the browser to wake the worker when there is a connection again; Chromium alone can. Never rejects. */
export async function askForBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const sync = (registration as { readonly sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
    await sync?.register("outbox");
  } catch {
    // not allowed, or no worker on this origin: the page's own triggers do it
  }
}
