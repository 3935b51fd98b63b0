// Asks the calendar for the next rings of a draft.
import { useEffect, useState } from "react";
import { useClock } from "../alarms/useClock";
import { useAll } from "../replica/hooks";
import { preview } from "../time/clientOfWorker";
import { UnknownZone } from "../time/errors";
import type { Zones } from "../time/preview";
import { toRings, type ShownPreview } from "./rings";
import type { Editing } from "./useDraft";

const COUNT = 5;

/** Null while it is worked out. */
export function usePreview(
  editing: Editing,
  alarmId: string | null,
  tables: Zones["tables"],
  now: number,
): ShownPreview | null {
  const { zone } = useClock();
  const skips = useAll("skip");
  const [shown, setShown] = useState<ShownPreview | null>(null);
  const { fields } = editing;
  const isWrong = Object.keys(editing.problems).length > 0;
  useEffect(() => {
    if (isWrong || zone === null) return;
    let isStale = false;
    const zones: Zones = { tables, userZone: zone };
    const { label, schedule, time_zone } = fields;
    const alarm = { id: alarmId ?? NEW_ID, label, schedule, time_zone, enabled: true };
    const skipped = (skips ?? []).filter((skip) => skip.fields.skipped).map((skip) => skip.id);
    preview(alarm, zones, now, COUNT, skipped)
      .catch((error: unknown) => {
        if (error instanceof UnknownZone) return "unknown_zone" as const;
        throw error;
      })
      .then((answer) => {
        if (!isStale) setShown(toRings(answer, fields));
      })
      .catch(() => {
        if (!isStale) setShown(null); // the alarm can be saved without a preview
      });
    return () => {
      isStale = true;
    };
  }, [fields, isWrong, alarmId, zone, tables, skips, now]);
  return shown;
}

/** A draft has no occurrences that anybody could have skipped. */
const NEW_ID = "00000000-0000-0000-0000-000000000000";
