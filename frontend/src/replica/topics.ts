// What a screen can listen to.
import type { Kind } from "./types";

export type Topic = Kind | "zones" | "state";

export const KINDS = ["alarm", "skip", "settings", "profile", "device", "occurrence"] as const satisfies Kind[];

/** What is shown differently after an edit of this kind: coming occurrences follow their alarm, skips and answers. */
export function touched(kind: string): Topic[] {
  if (kind === "answer") return ["occurrence", "state"];
  if (kind === "alarm" || kind === "skip" || kind === "profile") return [kind, "occurrence", "state"];
  return [kind as Kind, "state"];
}
