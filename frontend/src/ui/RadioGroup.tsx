// A few choices, all seen at once: side by side as segments, or below one another as a list. Native radio buttons.
import { useId, type ReactNode } from "react";
import { useAtOnce } from "./useAtOnce";
import styles from "./RadioGroup.module.css";

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

interface Props<Value extends string> {
  readonly label: ReactNode;
  readonly isLabelHidden?: boolean;
  readonly hint?: ReactNode;
  readonly look?: "segments" | "list";
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
  readonly disabled?: boolean;
}

export function RadioGroup<Value extends string>(props: Props<Value>) {
  const { label, isLabelHidden = false, hint, look = "segments", choices, value, onChoose, disabled } = props;
  const id = useId();
  const [shown, choose] = useAtOnce(value);
  return (
    <fieldset className={styles["group"]} aria-describedby={hint ? `${id}-hint` : undefined} disabled={disabled}>
      <legend className={isLabelHidden ? "visually-hidden" : styles["label"]}>{label}</legend>
      <div className={styles[look]}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles["choice"]}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === shown}
              onChange={() => {
                choose(choice.value);
                onChoose(choice.value);
              }}
              className={styles["radio"]}
            />
            <span className={styles["words"]}>
              <span>{choice.label}</span>
              {choice.hint ? <span className={styles["hint"]}>{choice.hint}</span> : null}
            </span>
          </label>
        ))}
      </div>
      {hint ? (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      ) : null}
    </fieldset>
  );
}
