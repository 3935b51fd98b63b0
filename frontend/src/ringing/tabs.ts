// The tabs of one browser: what one learns, all know at once, and only one of them sounds.
import type { RingStart, Standing } from "./ringState";

export type TabMessage =
  { readonly type: "ring"; readonly start: RingStart } | { readonly type: "standing"; readonly standing: Standing };

const NAME = "smartalarm-ringing";
/** A hidden tab lets a visible one go first. */
const HIDDEN_WAIT_MS = 150;

export interface Tabs {
  tell(message: TabMessage): void;
  /** Wait for this tab's turn to sound; gives what ends the turn. Rejects when `signal` aborts first. */
  claimSound(signal: AbortSignal): Promise<() => void>;
  /** Whether some tab sounds now. */
  isSoundClaimed(): Promise<boolean>;
  close(): void;
}

export function openTabs(onMessage: (message: TabMessage) => void): Tabs {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);
  if (channel) channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
  // Web Locks are missing on an origin that is not secure; then every tab sounds.
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  return {
    tell: (message) => channel?.postMessage(message),
    async claimSound(signal) {
      if (!locks) return () => undefined;
      if (document.hidden) await new Promise((done) => setTimeout(done, HIDDEN_WAIT_MS));
      signal.throwIfAborted();
      return await new Promise<() => void>((granted, failed) => {
        locks.request(NAME, { signal }, () => new Promise<void>((end) => granted(end))).catch(failed);
      });
    },
    async isSoundClaimed() {
      const { held = [] } = (await locks?.query()) ?? {};
      return held.some((lock) => lock.name === NAME);
    },
    close: () => channel?.close(),
  };
}
