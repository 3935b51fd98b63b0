// The service worker's registration, and whether a newer version of the app waits to be started.
import { create } from "zustand";
import type { PageMessage } from "./messages";

export interface WorkerState {
  /** A newer version is on the disk and waits for the person. */
  readonly isUpdateReady: boolean;
  /** They asked for it while something rang. */
  readonly isUpdateHeld: boolean;
}

export const useWorker = create<WorkerState>()(() => ({ isUpdateReady: false, isUpdateHeld: false }));

const LOOK_EVERY_MS = 60 * 60_000;
let registered: Promise<ServiceWorkerRegistration | null> | null = null;

/** Whether this origin and browser have service workers at all. */
export function hasWorkers(): boolean {
  return "serviceWorker" in navigator && isSecureContext;
}

/** Registers the worker, once; null where there is none. Never rejects. */
export function registerWorker(): Promise<ServiceWorkerRegistration | null> {
  registered ??= register();
  return registered;
}

/** The person wants the newer version: it starts, unless something rings, and the page with it. */
export async function startNewVersion(): Promise<void> {
  const waiting = (await registerWorker())?.waiting;
  if (!waiting) return;
  useWorker.setState({ isUpdateHeld: false });
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ type: "skip_waiting" } satisfies PageMessage);
}

/** Take the notifications about something off the screen. */
export async function closeNotifications(occurrenceId: string): Promise<void> {
  const shown = (await (await registerWorker())?.getNotifications({ tag: occurrenceId })) ?? [];
  for (const notification of shown) notification.close();
}

/** A ring that is over in the app is over on the screen too; news of how it ended stay. */
export async function closeRing(occurrenceId: string): Promise<void> {
  const shown = (await (await registerWorker())?.getNotifications({ tag: occurrenceId })) ?? [];
  for (const notification of shown) {
    if ((notification.data as { readonly type?: string } | null)?.type === "ring") notification.close();
  }
}

async function register(): Promise<ServiceWorkerRegistration | null> {
  if (!hasWorkers() || import.meta.env.DEV) return null;
  try {
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    noteWaiting(registration);
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => noteWaiting(registration));
    });
    setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
    return registration;
  } catch {
    return null; // a private window, or a disk that is full: the app runs without it
  }
}

/** A worker that waits is news only where an older one runs. */
function noteWaiting(registration: ServiceWorkerRegistration): void {
  if (registration.waiting && navigator.serviceWorker.controller) useWorker.setState({ isUpdateReady: true });
}
