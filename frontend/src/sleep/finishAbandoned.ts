// Nights whose device never came back to end them: whoever looks at the nights asks the server to work them out.
import type { SleepSession } from "./types";

/** At once: the server looks at a whole night for each. The next look finishes more. */
export const MOST_AT_ONCE = 2;

/** Finish those that nobody records any more; whether any was. One that cannot be now is tried again with the next look. */
export async function finishAbandoned(
  nights: readonly Pick<SleepSession, "id" | "abandoned">[],
  finish: (id: string) => Promise<boolean>,
): Promise<boolean> {
  const waiting = nights.filter(({ abandoned }) => abandoned).slice(0, MOST_AT_ONCE);
  const done = await Promise.all(waiting.map(({ id }) => finish(id).catch(() => false)));
  return done.includes(true);
}
