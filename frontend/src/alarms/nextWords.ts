// When an alarm rings next, or why it does not. Pure.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AlarmFields } from "../replica/types";
import { formatDay, formatTime, type ClockStyle } from "../ui/clock";
import type { Next } from "./listView";
import { withinSentence } from "./scheduleWords";

interface Style {
  readonly style: ClockStyle;
}

/** Empty while it is being worked out. `today`: the person's wall date. */
export function nextInWords(
  i18n: I18n,
  next: Next | undefined,
  { schedule }: Pick<AlarmFields, "schedule">,
  { style }: Style,
  today: string,
): string {
  if (next === undefined) return "";
  switch (next.type) {
    case "rings": {
      const day = withinSentence(formatDay(next.local, today, i18n.locale), i18n.locale);
      if (next.local.slice(11, 16) === schedule.start.slice(11, 16)) return i18n._(msg`Next: ${day}`);
      const time = formatTime(next.local, style);
      return i18n._(msg`Next: ${day} at ${time}`);
    }
    case "off":
      return i18n._(msg`Switched off`);
    case "over":
      return schedule.rrule === null ? i18n._(msg`Its date is over`) : i18n._(msg`No more dates`);
    case "beyond_horizon":
      return i18n._(msg`Not within two years`);
    case "unknown_zone":
      return i18n._(msg`Its next ring is known after the next connection`);
  }
}
