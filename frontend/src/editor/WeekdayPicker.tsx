// The days of the week, each on or off, in the person's order.
import { useLingui } from "@lingui/react/macro";
import { useId } from "react";
import { weekdayName, WEEKDAYS } from "../ui/clock";
import { useWeekdays } from "../ui/preferences";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import styles from "./WeekdayPicker.module.css";

export function WeekdayPicker({ editing }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  const words = useProblemWords(editing);
  const id = useId();
  const { draft, set } = editing;
  const error = words("weekdays");
  return (
    <fieldset className={styles["days"]} aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="visually-hidden">{t`Days of the week`}</legend>
      {useWeekdays().map((name, place) => {
        const day = WEEKDAYS.indexOf(name);
        const isOn = draft.weekdays.includes(day);
        return (
          <label key={name} className={styles["day"]}>
            <input
              type="checkbox"
              {...(place === 0 ? { name: "weekdays" } : {})}
              checked={isOn}
              onChange={() =>
                set({ weekdays: isOn ? draft.weekdays.filter((one) => one !== day) : [...draft.weekdays, day] })
              }
            />
            <span aria-hidden="true">{weekdayName(name, i18n.locale, "short")}</span>
            <span className="visually-hidden">{weekdayName(name, i18n.locale)}</span>
          </label>
        );
      })}
      {error ? (
        <p id={`${id}-error`} className={styles["error"]} role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
