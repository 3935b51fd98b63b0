// A number to type, and a kind word when it is not the right one.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import styles from "./Challenge.module.css";

interface Props {
  readonly label: ReactNode;
  readonly isRight: (text: string) => boolean;
  readonly onRight: () => void;
}

export function Entry({ label, isRight, onRight }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      className={styles["entry"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight(text)) {
          onRight();
          return;
        }
        setWrong(true);
        setText("");
      }}
    >
      <Field label={label} error={isWrong ? t`Not quite. Try again.` : undefined}>
        {(field) => (
          <input
            {...field}
            className={`${field.className} ${styles["number"]}`}
            inputMode="numeric"
            autoComplete="off"
            autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- it takes the place of the button that was just pressed
            maxLength={12}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" isBig>
        <Trans>Stop the alarm</Trans>
      </Button>
    </form>
  );
}
