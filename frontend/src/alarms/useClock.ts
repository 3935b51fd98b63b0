// Times and days as this person reads them, in the zone that their alarms follow.
import { useMemo } from "react";
import { useOne, useZones } from "../replica/hooks";
import type { ZoneTable } from "../replica/types";
import { formatDate, formatDay, formatTime, localOf, type ClockStyle, type Weekday } from "../ui/clock";
import { useClockStyle, useWeekdays } from "../ui/preferences";

export interface Clock {
  readonly style: ClockStyle;
  readonly weekdays: readonly Weekday[];
  /** The person's current zone; null until it is known here. */
  readonly zone: string | null;
  readonly zones: Readonly<Record<string, ZoneTable>>;
  readonly time: (local: string) => string;
  /** "Tomorrow", "Thursday", "Tue, 1 Dec", seen from the instant `nowMs`. */
  readonly day: (local: string, nowMs: number) => string;
  readonly date: (local: string, nowMs: number) => string;
  /** The wall time of an instant: in the named zone if its table is here, else in the person's. */
  readonly local: (atMs: number, zone?: string | null) => string;
}

const UTC: ZoneTable = [[Number.MAX_SAFE_INTEGER, 0]];

export function useClock(): Clock {
  const style = useClockStyle();
  const weekdays = useWeekdays();
  const zone = useOne("profile", "me")?.fields.time_zone ?? null;
  const zones = useZones();
  return useMemo(() => {
    const own = zones[zone ?? ""] ?? UTC;
    const local: Clock["local"] = (atMs, name = null) => localOf(atMs, zones[name ?? ""] ?? own);
    return {
      style,
      weekdays,
      zone,
      zones,
      time: (wall) => formatTime(wall, style),
      day: (wall, nowMs) => formatDay(wall, local(nowMs), style.locale),
      date: (wall, nowMs) => formatDate(wall, style.locale, local(nowMs)),
      local,
    };
  }, [style, weekdays, zone, zones]);
}
