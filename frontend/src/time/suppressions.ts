// The chain every occurrence passes before it rings; each link can only skip it, and must say why (alarms/suppressions.py).
import { occurrenceId } from "./occurrenceId";
import type { Occurrence } from "./occurrences";

/** The server's sentences, to be shown in the person's language: whoever translates them knows them by these names. */
export const ALARM_OFF = "The alarm is off.";
export const SKIPPED_BY_YOU = "You skipped this one.";

/** One link: why it skips the occurrence, or null to let it pass. */
export type Suppression = (occurrence: Occurrence) => string | null;

/** The chain of an alarm, in order. `skipped`: the ids of the occurrences that the person skipped, of any alarm. */
export function chainOf(alarmId: string, isEnabled: boolean, skipped: ReadonlySet<string>): Suppression[] {
  return [
    () => (isEnabled ? null : ALARM_OFF),
    ({ atMs }) => (skipped.has(occurrenceId(alarmId, atMs)) ? SKIPPED_BY_YOU : null),
  ];
}

/** What the first link says that skips, null when it rings. */
export function firstSkip(occurrence: Occurrence, chain: readonly Suppression[]): string | null {
  for (const link of chain) {
    const reason = link(occurrence);
    if (reason !== null) return reason;
  }
  return null;
}
