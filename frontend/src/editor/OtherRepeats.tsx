// The rarer ways of repeating, each with what it needs.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { nthWeekday } from "../alarms/scheduleWords";
import { weekdayName, WEEKDAYS } from "../ui/clock";
import { Field } from "../ui/Field";
import { useWeekdays } from "../ui/preferences";
import { Select } from "../ui/Select";
import type { Draft, Touched } from "./draft";
import styles from "./OtherRepeats.module.css";
import { NTHS, repeatToRule, type RepeatKind } from "./repeat";
import { RuleField } from "./RuleField";
import { COUNTED } from "./problems";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import { WeekdayPicker } from "./WeekdayPicker";

const LAST_DAY = -1;
const MONTH_DAYS = [...Array.from({ length: 31 }, (_, index) => index + 1), LAST_DAY];

export function OtherRepeats({ editing }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  const words = useProblemWords(editing);
  const { draft, set } = editing;
  const { repeat } = draft;
  return (
    <div className={styles["other"]}>
      <Select<RepeatKind>
        label={t`How it repeats`}
        options={[
          { value: "every_n_days", label: t`Every few days` },
          { value: "every_n_weeks", label: t`Every few weeks` },
          { value: "month_day", label: t`Every month, on a day` },
          { value: "month_weekday", label: t`Every month, on a weekday` },
          { value: "yearly", label: t`Every year` },
          { value: "rule", label: t`A rule of my own` },
        ]}
        value={repeat}
        onChoose={(value) => set(chosen(value, draft))}
      />
      {COUNTED.includes(repeat) ? (
        <Field label={everyInWords(i18n, repeat)} error={words("every")}>
          {(props) => (
            <input
              {...props}
              name="every"
              type="number"
              inputMode="numeric"
              min={1}
              max={999}
              value={draft.every}
              onChange={(event) => set({ every: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {repeat === "every_n_weeks" ? <WeekdayPicker editing={editing} /> : null}
      {repeat === "month_day" ? <MonthDay editing={editing} /> : null}
      {repeat === "month_weekday" ? <MonthWeekday editing={editing} /> : null}
      {repeat === "rule" ? <RuleField editing={editing} /> : null}
      <Field
        label={repeat === "yearly" ? t`Date` : t`Starts on`}
        error={words("date")}
        hint={repeat === "yearly" ? <Trans>It rings on this day of every year.</Trans> : null}
      >
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
    </div>
  );
}

/** Every second day or week, every single month or year: what is meant most often. A rule starts from what was chosen. */
function chosen(repeat: RepeatKind, draft: Draft): Touched {
  if (repeat === "rule") return { repeat, ruleText: draft.ruleText || (repeatToRule(draft, draft.date) ?? "") };
  return { repeat, every: repeat === "every_n_days" || repeat === "every_n_weeks" ? "2" : "1" };
}

function everyInWords(i18n: I18n, repeat: RepeatKind): string {
  if (repeat === "every_n_days") return i18n._(msg`Days from one ring to the next`);
  if (repeat === "every_n_weeks") return i18n._(msg`Weeks from one ring to the next`);
  return repeat === "yearly" ? i18n._(msg`Years from one ring to the next`) : i18n._(msg`Months from one ring to the next`);
}

function MonthDay({ editing: { draft, set } }: { readonly editing: Editing }) {
  const { t } = useLingui();
  return (
    <Select
      label={t`Day of the month`}
      hint={draft.monthDay > 28 ? t`In months without this day it does not ring.` : null}
      options={MONTH_DAYS.map((day) => ({ value: String(day), label: day === LAST_DAY ? t`The last day` : String(day) }))}
      value={String(draft.monthDay)}
      onChoose={(day) => set({ monthDay: Number(day) })}
    />
  );
}

function MonthWeekday({ editing: { draft, set } }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  return (
    <div className={styles["pair"]}>
      <Select
        label={t`Which one`}
        options={NTHS.map((nth) => ({ value: String(nth), label: nthWeekday(i18n, draft.nthWeekday, nth) ?? String(nth) }))}
        value={String(draft.nth)}
        onChoose={(nth) => set({ nth: Number(nth) })}
      />
      <Select
        label={t`Weekday`}
        options={useWeekdays().map((name) => ({
          value: String(WEEKDAYS.indexOf(name)),
          label: weekdayName(name, i18n.locale),
        }))}
        value={String(draft.nthWeekday)}
        onChoose={(day) => set({ nthWeekday: Number(day) })}
      />
    </div>
  );
}
