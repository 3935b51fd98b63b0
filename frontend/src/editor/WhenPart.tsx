// Time first, then the name and the days: all that an alarm needs.
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { DaysPart } from "./DaysPart";
import { LIMITS } from "./problems";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import styles from "./WhenPart.module.css";

interface Props {
  readonly editing: Editing;
  readonly isSimplified: boolean;
}

export function WhenPart({ editing, isSimplified }: Props) {
  const { t } = useLingui();
  const words = useProblemWords(editing);
  const { draft, set } = editing;
  return (
    <>
      <div className={styles["time"]}>
        <Field label={t`Time`} error={words("time")}>
          {(props) => (
            <input
              {...props}
              name="time"
              className={styles["clock"]}
              type="time"
              required
              value={draft.time}
              onChange={(event) => set({ time: event.target.value })}
            />
          )}
        </Field>
        <div className={styles["steps"]}>
          <Button aria-label={t`5 minutes earlier`} onClick={() => set({ time: moved(draft.time, -5) })}>
            <Trans>−5 min</Trans>
          </Button>
          <Button aria-label={t`5 minutes later`} onClick={() => set({ time: moved(draft.time, 5) })}>
            <Trans>+5 min</Trans>
          </Button>
        </div>
      </div>
      <Field label={t`Name`} error={words("label")}>
        {(props) => (
          <input
            {...props}
            name="label"
            type="text"
            autoComplete="off"
            maxLength={LIMITS.label}
            placeholder={t`Alarm`}
            value={draft.label}
            onChange={(event) => set({ label: event.target.value })}
          />
        )}
      </Field>
      <DaysPart editing={editing} isSimplified={isSimplified} />
    </>
  );
}

/** Around midnight and back; a time that is being typed starts over at midnight. */
function moved(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const total = (((hour * 60 + minute + minutes) % 1440) + 1440) % 1440;
  return [Math.floor(total / 60), total % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
