// The next ring of every alarm: from what is stored at once, then from the calendar, which is loaded after the list stands.
import { useEffect, useMemo, useState } from "react";
import { useAll } from "../replica/hooks";
import type { Shown } from "../replica/types";
import type { NextRings as Worked } from "../time/preview";
import type { NextRings } from "./listView";
import { nextRingsOf, soonest } from "./nextRings";
import type { Clock } from "./useClock";

const NOTHING: Worked = {};

export function useNextRings(alarms: readonly Shown<"alarm">[], clock: Clock, now: number): NextRings {
  const occurrences = useAll("occurrence");
  const skips = useAll("skip");
  const [worked, setWorked] = useState(NOTHING);
  const { zone, zones } = clock;
  useEffect(() => {
    if (zone === null || skips === null || alarms.length === 0) return;
    let isStale = false;
    const timed = alarms.map(({ id, fields: { label, enabled, schedule, time_zone } }) => ({
      id,
      label,
      enabled,
      schedule,
      time_zone,
    }));
    const skipped = skips.filter((skip) => skip.fields.skipped).map((skip) => skip.id);
    const tables = { tables: zones, userZone: zone };
    import("../time/clientOfWorker")
      .then(({ nextOccurrences }) => nextOccurrences(timed, tables, now, skipped))
      .then((found) => {
        if (!isStale) setWorked(found);
      })
      .catch(() => undefined); // the list stands without it, and asks again with the next minute
    return () => {
      isStale = true;
    };
  }, [alarms, skips, zone, zones, now]);
  return useMemo(() => nextRingsOf(alarms, soonest(occurrences ?? [], now), worked), [alarms, occurrences, worked, now]);
}
