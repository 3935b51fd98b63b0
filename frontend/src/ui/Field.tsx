// A labelled place to type or choose, with its hint and its error tied to it for screen readers.
import { useId, type ReactElement, type ReactNode } from "react";
import styles from "./Field.module.css";

export interface FieldProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly className: string | undefined;
}

interface Props {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  /** Renders the <input>, <select> or <textarea> with the props it is given. */
  readonly children: (props: FieldProps) => ReactElement;
}

export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={styles["field"]}>
      <label htmlFor={id} className={styles["label"]}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described,
        "aria-invalid": error ? true : undefined,
        className: styles["control"],
      })}
      {hint ? (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className={styles["error"]} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
