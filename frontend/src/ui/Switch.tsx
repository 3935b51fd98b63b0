// On or off: a checkbox that says so to everybody.
import type { InputHTMLAttributes, ReactNode } from "react";
import { useAtOnce } from "./useAtOnce";
import styles from "./Switch.module.css";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "role"> {
  readonly label: ReactNode;
  /** The label is read out, not drawn, where the row already shows it. */
  readonly isLabelHidden?: boolean;
  readonly hint?: ReactNode;
}

export function Switch({ label, hint, isLabelHidden = false, checked, onChange, ...rest }: Props) {
  const [isOn, choose] = useAtOnce(checked);
  return (
    <label className={styles["row"]}>
      <span className={isLabelHidden ? "visually-hidden" : styles["words"]}>
        <span>{label}</span>
        {hint ? <span className={styles["hint"]}>{hint}</span> : null}
      </span>
      <input
        {...rest}
        type="checkbox"
        role="switch"
        className={styles["switch"]}
        checked={isOn}
        onChange={(event) => {
          if (checked !== undefined) choose(event.target.checked);
          onChange?.(event);
        }}
      />
    </label>
  );
}
