// The editor's state: what was touched, the draft that follows from it and the alarm, and what is wrong with it.
import { useCallback, useMemo, useState } from "react";
import type { AlarmFields } from "../replica/types";
import { changedFields, isScheduleTouched, toDraft, toFields, type Draft, type Touched } from "./draft";
import { problems, type Problems } from "./problems";
import { isZoneName } from "./zoneNames";

export interface Editing {
  readonly draft: Draft;
  readonly touched: Touched;
  readonly isDirty: boolean;
  readonly problems: Problems;
  readonly set: (part: Touched) => void;
  /** The fields that Save would write; only without problems. */
  readonly fields: AlarmFields;
  readonly changes: Partial<AlarmFields>;
}

interface Options {
  readonly before: AlarmFields;
  readonly nowLocal: (zone: string | null) => string;
  readonly isBlank: boolean;
  readonly initial: Touched;
}

export function useDraft({ before, nowLocal, isBlank, initial }: Options): Editing {
  const [touched, setTouched] = useState<Touched>(initial);
  const set = useCallback((part: Touched) => setTouched((known) => ({ ...known, ...part })), []);
  return useMemo(() => {
    const now = nowLocal(touched.zone === undefined ? before.time_zone : touched.zone);
    const draft = toDraft(before, touched, now, isBlank);
    const isScheduleChecked = isBlank || isScheduleTouched(touched) || touched.enabled === true;
    const found = problems(draft, {
      nowLocal: now,
      isScheduleChecked,
      // A name that is stored already is good, whether or not this browser knows it.
      isZoneName: (name) => name === before.time_zone || isZoneName(name),
    });
    // A blank alarm's date is worked out from its time, also when nothing of it was touched.
    const fields = toFields(draft, isBlank ? { ...touched, date: draft.date } : touched, before);
    return {
      draft,
      touched,
      isDirty: Object.keys(touched).length > 0,
      problems: found,
      set,
      fields,
      changes: changedFields(before, fields),
    };
  }, [before, nowLocal, isBlank, touched, set]);
}
