// The editor of one alarm: time, name and days first; the rest is folded away; Save is always in sight.
import { Trans, useLingui } from "@lingui/react/macro";
import { useCallback, useRef, useState, type SubmitEvent } from "react";
import { useClock } from "../alarms/useClock";
import { replica } from "../replica/replica";
import type { AlarmFields } from "../replica/types";
import { Button } from "../ui/Button";
import { localOf } from "../ui/clock";
import { useNow } from "../ui/now";
import { useIsSimplified } from "../ui/preferences";
import { Switch } from "../ui/Switch";
import { toast } from "../ui/toasts";
import type { Touched } from "./draft";
import styles from "./Editor.module.css";
import { MorePart } from "./MorePart";
import { PreviewPart } from "./PreviewPart";
import { AreProblemsShown } from "./useProblemWords";
import { useDraft } from "./useDraft";
import { useLeaving } from "./useLeaving";
import { useZoneTables } from "./useZoneTables";
import { WhenPart } from "./WhenPart";

interface Props {
  /** Null for a new one. */
  readonly alarmId: string | null;
  readonly before: AlarmFields;
  readonly isBlank: boolean;
  /** It was deleted on another device meanwhile. */
  readonly isGone: boolean;
  readonly initial: Touched;
}

export function Editor({ alarmId, before, isBlank, isGone, initial }: Props) {
  const { t } = useLingui();
  const clock = useClock();
  const isSimplified = useIsSimplified();
  const now = useNow(60_000);
  const [zoneName, setZoneName] = useState(before.time_zone);
  const tables = useZoneTables(clock, zoneName);
  const nowLocal = useCallback(
    (zone: string | null) => {
      const table = tables[zone ?? ""];
      return table ? localOf(now, table) : clock.local(now);
    },
    [clock, tables, now],
  );
  const editing = useDraft({ before, nowLocal, isBlank, initial });
  if (editing.draft.zone !== zoneName) setZoneName(editing.draft.zone);
  const { draft, set } = editing;
  const leaving = useLeaving(alarmId, editing.touched);
  const [areProblemsShown, setAreProblemsShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (Object.keys(editing.problems).length > 0) {
      setAreProblemsShown(true);
      // The first one that is wrong, once React has marked it.
      requestAnimationFrame(() => focusFirstProblem(form.current));
      return;
    }
    const isWhole = alarmId === null || isGone;
    const label = editing.fields.label || t`Alarm`;
    const fields = { ...(isWhole ? editing.fields : editing.changes), enabled: draft.enabled, deleted: false };
    const isNamed = isWhole || "label" in fields;
    void replica.write([
      { kind: "alarm", id: alarmId ?? crypto.randomUUID(), fields: isNamed ? { ...fields, label } : fields },
    ]);
    toast(t`Saved: ${label}`);
    leaving.go("/alarms");
  };

  return (
    <AreProblemsShown value={areProblemsShown}>
      <form ref={form} className={styles["editor"]} onSubmit={save} noValidate>
        {isGone ? (
          <p role="status">
            <Trans>This alarm was deleted on another device. Save brings it back.</Trans>
          </p>
        ) : null}
        <div className={styles["first"]}>
          <WhenPart editing={editing} isSimplified={isSimplified} />
          {alarmId === null ? null : (
            <Switch
              label={t`This alarm is on`}
              checked={draft.enabled}
              onChange={(event) => set({ enabled: event.target.checked })}
            />
          )}
        </div>
        <PreviewPart editing={editing} alarmId={alarmId} tables={tables} />
        {isSimplified ? null : <MorePart editing={editing} />}
        <div className={styles["save"]}>
          <Button look="primary" isBig type="submit">
            <Trans>Save</Trans>
          </Button>
          <Button look="quiet" isBig onClick={() => leaving.leave("/alarms")}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      </form>
      {leaving.dialog}
    </AreProblemsShown>
  );
}

function focusFirstProblem(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], fieldset:has([role="alert"]) input');
  const folded = wrong?.closest("details");
  if (folded) folded.open = true;
  wrong?.focus({ preventScroll: true });
  wrong?.scrollIntoView({ block: "center" });
}
