// What rings on this device now, for every screen to see. Small: the ringer itself is loaded beside the first screen.
import { create } from "zustand";
import type { Due } from "./due";
import type { SoundState } from "./ringSound";
import type { Ring } from "./ringState";

export interface RingerView {
  /** What rings, and what rang here and was missed; the one that began first at the front. */
  readonly rings: readonly Ring[];
  /** How the front ring is heard. */
  readonly sound: SoundState;
  /** What this device is armed for next; null: nothing within 26 hours. */
  readonly next: Due | null;
  /** Whether the ringer runs: then `next` means something. */
  readonly isStarted: boolean;
}

export const useRinger = create<RingerView>()(() => ({ rings: [], sound: "off", next: null, isStarted: false }));

/** Whether something rings now: nothing may reload or cover the page then. */
export function isRinging(): boolean {
  return useRinger.getState().rings.some((ring) => ring.phase === "ringing");
}
