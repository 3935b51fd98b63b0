// The one audio context of this page, and whether the browser lets it sound. A page must be touched once before it may.
import { create } from "zustand";

export interface Audio {
  /** "locked": the browser waits for a touch or a key; "unavailable": it cannot play sound at all. */
  readonly state: "unlocked" | "locked" | "unavailable";
}

const canSound = typeof AudioContext !== "undefined";
export const useAudio = create<Audio>()(() => ({ state: canSound ? "locked" : "unavailable" }));

/** How long resume() may take before we say that the browser does not let us sound. */
const RESUME_PATIENCE_MS = 1_000;
/** Longer than the notice that a ring is near, which wakes the context. */
const IDLE_MS = 10_000;

let context: AudioContext | null = null;
let users = 0;
let idle: ReturnType<typeof setTimeout> | undefined;

/** Call it from a touch or a key press: from then on this page may sound by itself. */
export async function unlockAudio(): Promise<boolean> {
  const isRunning = await resume();
  if (isRunning) restWhenUnused();
  return isRunning;
}

/** A running context, held until `release`; null when the browser does not let us sound now. */
export async function holdAudio(): Promise<{ readonly context: AudioContext; readonly release: () => void } | null> {
  users += 1;
  clearTimeout(idle);
  const isRunning = await resume();
  if (!isRunning || !context) {
    users -= 1;
    return null;
  }
  let isHeld = true;
  return {
    context,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      users -= 1;
      restWhenUnused();
    },
  };
}

/** Unlock at the first touch or key anywhere, and again whenever the system took the sound away (a call, iOS). */
export function unlockOnGestures(): () => void {
  const unlock = () => {
    if (useAudio.getState().state === "locked") void unlockAudio();
  };
  const gestures = ["pointerup", "touchend", "click", "keydown"];
  for (const gesture of gestures) addEventListener(gesture, unlock, { capture: true, passive: true });
  return () => {
    for (const gesture of gestures) removeEventListener(gesture, unlock, { capture: true });
  };
}

async function resume(): Promise<boolean> {
  if (!canSound) return false;
  if (context === null || context.state === "closed") context = open();
  const current = context;
  if (current.state !== "running") {
    const late = new Promise<void>((done) => setTimeout(done, RESUME_PATIENCE_MS));
    await Promise.race([current.resume().catch(() => undefined), late]);
  }
  const isRunning = current.state === "running";
  useAudio.setState({ state: isRunning ? "unlocked" : "locked" });
  return isRunning;
}

function open(): AudioContext {
  // Safari: an app that plays, not a page with effects. It may then sound although the ring switch is off.
  const session = (navigator as { audioSession?: { type: string } }).audioSession;
  if (session) session.type = "playback";
  const opened = new AudioContext({ latencyHint: "interactive" });
  opened.addEventListener("statechange", () => {
    // "interrupted" (iOS) or suspended while something should sound: take it back as soon as we may.
    if (opened.state !== "running" && opened.state !== "closed" && users > 0) void resume();
  });
  return opened;
}

/** A context that runs costs battery and shows a speaker on the tab; resuming needs no touch once it has run. */
function restWhenUnused(): void {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (users === 0 && context?.state === "running") void context.suspend();
  }, IDLE_MS);
}
