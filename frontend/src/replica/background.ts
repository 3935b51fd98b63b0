// For the service worker: the same disk, queue and session as the pages, without a screen.
import { context } from "./context";

/** Send what waits, then fetch what is new. False when it did not work: the browser may try again. */
export async function flushOutbox(): Promise<boolean> {
  return (await context().engine.sync()).type === "done";
}

/** Fetch what is new, such as after a push message. */
export async function pullOnce(): Promise<boolean> {
  return (await context().engine.pullOnce()).type === "done";
}
