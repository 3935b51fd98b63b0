// What the bedside clock may promise for tonight, and what stands in its way. Pure.

export interface Night {
  /** When this device rings next, epoch milliseconds; null: nothing within 26 hours. */
  readonly nextAt: number | null;
  readonly audio: "unlocked" | "locked" | "unavailable";
  readonly role: "always" | "backup" | "never";
  /** null: the browser does not tell. */
  readonly battery: { readonly level: number; readonly isCharging: boolean } | null;
  /** Server's clock minus this device's; null: never measured. */
  readonly clockOffsetMs: number | null;
  readonly isScreenKeptOn: boolean;
}

export type Verdict = "will_sound" | "nothing_to_ring" | "will_not_sound";
export type Warning =
  "audio_locked" | "audio_unavailable" | "never_rings" | "battery_low" | "clock_off" | "screen_may_sleep";

const LOW_BATTERY = 0.3;
const CLOCK_OFF_MS = 2_000;

export function judgeNight(night: Night): { readonly verdict: Verdict; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  if (night.role === "never") warnings.push("never_rings");
  if (night.audio === "locked") warnings.push("audio_locked");
  if (night.audio === "unavailable") warnings.push("audio_unavailable");
  const isSilent = warnings.length > 0;
  if (night.battery && !night.battery.isCharging && night.battery.level < LOW_BATTERY) warnings.push("battery_low");
  if (!night.isScreenKeptOn) warnings.push("screen_may_sleep");
  if (Math.abs(night.clockOffsetMs ?? 0) > CLOCK_OFF_MS) warnings.push("clock_off");
  // A device that never rings is armed for nothing: say that, not that there is no alarm.
  if (isSilent && (night.nextAt !== null || night.role === "never")) return { verdict: "will_not_sound", warnings };
  return { verdict: night.nextAt === null ? "nothing_to_ring" : "will_sound", warnings };
}

/** Where the clock stands in this minute, in pixels from its place: no picture burns in, and nobody sees it move. */
export function burnInShift(now: number): { readonly x: number; readonly y: number } {
  const minute = Math.floor(now / 60_000);
  const step = (minute * 7) % 64;
  return { x: 3 * ((step % 8) - 3.5), y: 3 * (Math.floor(step / 8) - 3.5) };
}
