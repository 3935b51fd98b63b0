// The next ring of every alarm: from what is stored at once, then from the calendar, which is loaded after the list stands.
import { useEffect, useMemo, useState } from "react";
import { useAll } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";
import type { NextRings as Worked } from "../time/preview";
import type { NextRings } from "./listView";
import { answeredEarly, nextRingsOf, soonest, soonestOf } from "./nextRings";
import type { Clock } from "./useClock";

const NOTHING: Worked = {};
/** Later than this, the next full minute sees to it. */
const MINUTE_MS = 60_000;
/** A timer may fire a little early. */
const AFTER_MS = 20;

export function useNextRings(alarms: readonly Shown<"alarm">[], clock: Clock, minute: number): NextRings {
  const occurrences = useAll("occurrence");
  const skips = useAll("skip");
  const [worked, setWorked] = useState(NOTHING);
  const [passedAt, setPassedAt] = useState(0);
  const now = Math.max(minute, passedAt);
  const { zone, zones } = clock;
  useEffect(() => {
    if (zone === null || skips === null || occurrences === null || alarms.length === 0) return;
    let isStale = false;
    const timed = alarms.map(({ id, fields: { label, enabled, schedule, time_zone } }) => ({
      id,
      label,
      enabled,
      schedule,
      time_zone,
    }));
    const skipped = skips.filter((skip) => skip.fields.skipped).map((skip) => skip.id);
    const over = answeredEarly(occurrences, now);
    const tables = { tables: zones, userZone: zone };
    import("../time/clientOfWorker")
      .then(({ nextOccurrences }) => nextOccurrences(timed, tables, now, [...skipped, ...over]))
      .then((found) => {
        if (!isStale) setWorked(found);
      })
      .catch(() => undefined); // the list stands without it, and asks again with the next minute
    return () => {
      isStale = true;
    };
  }, [alarms, occurrences, skips, zone, zones, now]);
  const rings = useMemo(
    () => nextRingsOf(alarms, soonest(occurrences ?? [], now), worked, now),
    [alarms, occurrences, worked, now],
  );
  // What rings between two minutes is not the next one any more: it is left out, and worked out again, as it passes.
  const soonestMs = soonestOf(rings);
  useEffect(() => {
    const waitMs = soonestMs - replica.now();
    if (waitMs > MINUTE_MS) return;
    const timer = setTimeout(() => setPassedAt(Math.max(soonestMs, replica.now())), Math.max(0, waitMs) + AFTER_MS);
    return () => clearTimeout(timer);
  }, [soonestMs, minute]);
  return rings;
}
