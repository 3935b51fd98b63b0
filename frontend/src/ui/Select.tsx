// A labelled native list to choose one thing from.
import type { ReactNode, SelectHTMLAttributes } from "react";
import { Field } from "./Field";
import { ExpandIcon } from "./icons";
import { useAtOnce } from "./useAtOnce";
import styles from "./Select.module.css";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** The language of the label, where it is another one than the page's. */
  readonly lang?: string;
}

interface Props<Value extends string> extends Omit<
  SelectHTMLAttributes<HTMLSelectElement>,
  "onChange" | "value" | "children"
> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

export function Select<Value extends string>({ label, hint, error, options, value, onChoose, ...rest }: Props<Value>) {
  const [shown, choose] = useAtOnce(value);
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <span className={styles["frame"]}>
          <select
            {...rest}
            {...field}
            className={`${field.className ?? ""} ${styles["select"] ?? ""}`}
            value={shown}
            onChange={(event) => {
              choose(event.target.value as Value);
              onChoose(event.target.value as Value);
            }}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} lang={option.lang}>
                {option.label}
              </option>
            ))}
          </select>
          <ExpandIcon className={styles["arrow"]} />
        </span>
      )}
    </Field>
  );
}
