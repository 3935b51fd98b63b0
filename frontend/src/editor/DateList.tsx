// Some dates: to add one, to take one away.
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState, type ReactNode } from "react";
import { useClock } from "../alarms/useClock";
import { replica } from "../replica/replica";
import { textToWall } from "../time/wall";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { CloseIcon } from "../ui/icons";
import styles from "./DateList.module.css";

interface Props {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly addLabel: string;
  /** Wall times, as they are stored. */
  readonly walls: readonly string[];
  /** A date that is added means this time of it. */
  readonly time: string;
  readonly error: string | null;
  readonly onChange: (walls: readonly string[]) => void;
}

export function DateList({ title, hint, addLabel, walls, time, error, onChange }: Props) {
  const { t } = useLingui();
  const clock = useClock();
  const [date, setDate] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const isDate = textToWall(`${date}T00:00:00`) !== null;
  const add = () => {
    if (!isDate) {
      input.current?.focus();
      return;
    }
    onChange([...new Set([...walls, `${date}T${time}:00`])].sort());
    setDate("");
  };
  return (
    <fieldset className={styles["dates"]}>
      <legend className={styles["title"]}>{title}</legend>
      {walls.length > 0 ? (
        <ul className={styles["list"]}>
          {walls.map((wall) => {
            const day = clock.date(wall, replica.now());
            const hour = clock.time(wall);
            return (
              <li key={wall} className={styles["date"]}>
                <span>
                  {day}
                  {wall.slice(11, 16) === time ? null : `, ${hour}`}
                </span>
                <Button
                  look="quiet"
                  aria-label={t`Take away ${day}`}
                  onClick={() => {
                    onChange(walls.filter((one) => one !== wall));
                    input.current?.focus();
                  }}
                >
                  <CloseIcon />
                </Button>
              </li>
            );
          })}
        </ul>
      ) : null}
      <div className={styles["add"]}>
        <Field label={addLabel} hint={hint} error={error}>
          {(props) => (
            <input
              {...props}
              ref={input}
              type="date"
              value={date}
              onChange={(event) => setDate(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !isDate) return;
                event.preventDefault(); // Enter adds the date; it does not save the alarm
                add();
              }}
            />
          )}
        </Field>
        <Button onClick={add}>
          <Trans>Add</Trans>
        </Button>
      </div>
    </fieldset>
  );
}
