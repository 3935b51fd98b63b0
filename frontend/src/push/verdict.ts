// Whether alarms will sound, notify, only be seen or not come at all on this device, and the one thing to do. Pure.
import type { DeviceView } from "../api/types";
import type { Support } from "./support";

/** "will_show": on the open page alone, by its own clock, and with no sound yet. */
export type Verdict = "will_sound" | "will_notify" | "will_show" | "will_not";

/** The one next step. */
export type Step =
  | "role" // the person chose that this device never rings
  | "https"
  | "home_screen"
  | "other_browser"
  | "unblock"
  | "allow"
  | "subscribe"
  | "test"
  | "test_again"
  | "clock";

export interface VerdictFacts {
  readonly support: Support;
  readonly permission: NotificationPermission;
  readonly endpoint: string | null;
  /** What the server would push to; null: nothing. */
  readonly serverEndpoint: string | null;
  readonly ring: DeviceView["ring"] | null;
  readonly health: DeviceView["health"] | null;
  readonly lastTest: { readonly latencyMs: number | null; readonly endpoint: string } | null;
  readonly audio: "unlocked" | "locked" | "unavailable";
  readonly clockOffsetMs: number | null;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly step: Step | null;
}

const CLOCK_MS = 60_000;

export function judge(facts: VerdictFacts): Judged {
  if (facts.ring === "never") return { verdict: "will_not", step: "role" };
  const pushStep = stepToPush(facts);
  const isPushed = pushStep === null || pushStep === "test";
  if (facts.audio === "unlocked") {
    // Until the page is closed: then pushes are all there is, so what they lack is still the thing to do.
    return { verdict: "will_sound", step: pushStep ?? clockStep(facts) };
  }
  // Who reads this has the page open, and it rings by its own clock: silent until it is touched.
  if (!isPushed) return { verdict: "will_show", step: pushStep };
  return { verdict: "will_notify", step: pushStep ?? clockStep(facts) };
}

function stepToPush(facts: VerdictFacts): Step | null {
  if (facts.support === "insecure") return "https";
  if (facts.support === "home_screen") return "home_screen";
  if (facts.support === "unsupported") return "other_browser";
  if (facts.permission === "denied") return "unblock";
  if (facts.permission === "default") return "allow";
  if (facts.endpoint === null || facts.endpoint !== facts.serverEndpoint) return "subscribe";
  const test = facts.lastTest?.endpoint === facts.endpoint ? facts.lastTest : null;
  if (test?.latencyMs === null) return "test_again";
  if (test === null || facts.health === "quiet") return "test";
  return null;
}

/** Rings are corrected by what the server's clock says, but a clock that is minutes off worries people, and other apps. */
function clockStep({ clockOffsetMs }: VerdictFacts): Step | null {
  return clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_MS ? "clock" : null;
}
