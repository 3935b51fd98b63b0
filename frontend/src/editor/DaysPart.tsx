// On which days it rings: the usual choices at once, the rarer ones behind "Other".
import { useLingui } from "@lingui/react/macro";
import { Field } from "../ui/Field";
import { RadioGroup } from "../ui/RadioGroup";
import { OtherRepeats } from "./OtherRepeats";
import styles from "./DaysPart.module.css";
import type { RepeatKind } from "./repeat";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import { WeekdayPicker } from "./WeekdayPicker";

const USUAL = ["once", "every_day", "weekdays", "weekends", "days"] as const;
type Usual = (typeof USUAL)[number];

interface Props {
  readonly editing: Editing;
  readonly isSimplified: boolean;
}

export function DaysPart({ editing, isSimplified }: Props) {
  const { t } = useLingui();
  const words = useProblemWords(editing);
  const { draft, set } = editing;
  const { repeat } = draft;
  const usual = isUsual(repeat) ? repeat : "other";
  const hasOther = !isSimplified || usual === "other";
  return (
    <>
      <div className={styles["days"]}>
        <RadioGroup<Usual | "other">
          label={t`Days`}
          choices={[
            { value: "once", label: t`Once` },
            { value: "every_day", label: t`Every day` },
            { value: "weekdays", label: t`Weekdays` },
            { value: "weekends", label: t`Weekends` },
            { value: "days", label: t`Some days` },
            ...(hasOther ? [{ value: "other" as const, label: t`Other` }] : []),
          ]}
          value={usual}
          onChoose={(value) => set(value === "other" ? { repeat: "every_n_days", every: "2" } : { repeat: value })}
        />
      </div>
      {repeat === "once" ? (
        <Field label={t`Date`} error={words("date")}>
          {(props) => (
            <input
              {...props}
              name="date"
              type="date"
              required
              value={draft.date}
              onChange={(event) => set({ date: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {repeat === "days" ? <WeekdayPicker editing={editing} /> : null}
      {usual === "other" ? <OtherRepeats editing={editing} /> : null}
    </>
  );
}

function isUsual(repeat: RepeatKind): repeat is Usual {
  return (USUAL as readonly RepeatKind[]).includes(repeat);
}
