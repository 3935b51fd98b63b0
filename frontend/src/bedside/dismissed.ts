// Whether an alarm was dismissed since a night began: then its sleeper may be up. Pure.
import type { OccurrenceFields } from "../replica/types";

/** How many alarms due since then were dismissed. Tests of notifications belong to no alarm and do not count. */
export function dismissedSince(
  occurrences: readonly { readonly fields: Pick<OccurrenceFields, "alarm_id" | "at" | "state"> }[],
  startAt: number,
): number {
  return occurrences.filter(
    ({ fields }) => fields.state === "dismissed" && fields.alarm_id !== null && Date.parse(fields.at) > startAt,
  ).length;
}
