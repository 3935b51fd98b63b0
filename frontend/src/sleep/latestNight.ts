// Which night stands at the top: the newest that is done, unless that is a nap after it. Pure.
import type { SleepSession } from "./types";

/** What is shorter is a nap, as in the figures over many nights. */
const SHORTEST_MS = 3 * 3_600_000;

/** Of nights from the newest on. */
export function latestNight<Night extends Pick<SleepSession, "start" | "end" | "state">>(
  nights: readonly Night[],
): Night | undefined {
  const done = nights.filter((night) => night.state === "finished");
  return done.find(({ start, end }) => Date.parse(end) - Date.parse(start) >= SHORTEST_MS) ?? done[0];
}
