// The time that passes on screen: one tick for a component, on the full second or minute, by the server's clock.
import { useSyncExternalStore } from "react";
import { replica } from "../replica/replica";

interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

const tickers = new Map<number, Ticker>();

/** Server-corrected epoch milliseconds, rendered again at each full `everyMs` and when the page is looked at again. */
export function useNow(everyMs = 1000): number {
  let ticker = tickers.get(everyMs);
  if (!ticker) tickers.set(everyMs, (ticker = createTicker(everyMs)));
  return useSyncExternalStore(ticker.subscribe, ticker.read);
}

function createTicker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = replica.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    clearTimeout(timer);
    now = replica.now();
    timer = setTimeout(tick, everyMs - (now % everyMs) + 1);
    for (const listener of listeners) listener();
  };
  const look = () => {
    if (document.visibilityState === "visible") tick(); // a hidden page's timers lag by up to a minute
  };
  return {
    read: () => {
      if (listeners.size === 0 && Math.abs(replica.now() - now) >= everyMs) now = replica.now();
      return now;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) {
        tick();
        document.addEventListener("visibilitychange", look);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", look);
      };
    },
  };
}
