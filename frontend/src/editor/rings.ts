// From the calendar's answer to the lines of the preview. Pure.
import type { AlarmFields } from "../replica/types";
import type { Preview } from "../time/preview";

export type ShownPreview =
  | { readonly type: "unknown_zone" }
  | {
      readonly type: "rings";
      readonly rings: readonly {
        readonly id: string;
        readonly local: string;
        readonly isSkipped: boolean;
        /** The wall time that the schedule names, where the clocks leave it out. */
        readonly movedFrom: string | null;
      }[];
    };

export function toRings(answer: Preview | "unknown_zone", { schedule }: Pick<AlarmFields, "schedule">): ShownPreview {
  if (answer === "unknown_zone") return { type: "unknown_zone" };
  const named = namedTimes(schedule);
  return {
    type: "rings",
    rings: answer.items.map(({ id, local, status }) => ({
      id,
      local,
      isSkipped: status === "skipped",
      movedFrom: named !== null && !named.includes(local.slice(11, 19)) ? `${local.slice(0, 11)}${named[0]!}` : null,
    })),
  };
}

/** The times of day that the schedule names; null where a rule names times of its own. */
function namedTimes({ start, rrule, rdates }: AlarmFields["schedule"]): string[] | null {
  if (rrule !== null && /BYHOUR|BYMINUTE/.test(rrule)) return null;
  return [start, ...rdates].map((wall) => wall.slice(11));
}
