// When an alarm rings next, or why it does not. Pure.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AlarmFields } from "../replica/types";
import { formatDay, formatTime } from "../ui/clock";
import type { Next } from "./listView";
import { withinSentence } from "./scheduleWords";
import type { Clock } from "./useClock";
import { wallOf } from "./wall";

/** Empty while it is being worked out. `today`: the person's wall date. */
export function nextInWords(
  i18n: I18n,
  next: Next | undefined,
  { schedule, time_zone: zone }: Pick<AlarmFields, "schedule" | "time_zone">,
  clock: Pick<Clock, "style" | "zone" | "zones" | "local">,
  today: string,
): string {
  if (next === undefined) return "";
  switch (next.type) {
    case "rings": {
      const { here, there } = wallOf({ ...next, zone }, clock);
      const day = withinSentence(formatDay(here, today, i18n.locale), i18n.locale);
      const time = formatTime(here, clock.style);
      if (there) return i18n._(msg`Next: ${day} at ${time} here`);
      if (next.local.slice(11, 16) === schedule.start.slice(11, 16)) return i18n._(msg`Next: ${day}`);
      return i18n._(msg`Next: ${day} at ${time}`);
    }
    case "snoozed": {
      const time = formatTime(clock.local(next.atMs), clock.style);
      return i18n._(msg`Snoozed until ${time}`);
    }
    case "ringing":
      return i18n._(msg`Ringing now`);
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
