// A password that can be shown while it is typed.
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { EyeIcon, EyeOffIcon } from "../ui/moreIcons";
import styles from "./SignInScreen.module.css";

interface Props {
  readonly isNew: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}

export function PasswordField({ isNew, value, onChange, error }: Props) {
  const { t } = useLingui();
  const [isShown, setShown] = useState(false);
  return (
    <Field
      label={t`Password`}
      hint={isNew ? t`At least 8 characters. A few words in a row are easy to remember.` : undefined}
      error={error}
    >
      {(field) => (
        <span className={styles["password"]}>
          <input
            {...field}
            type={isShown ? "text" : "password"}
            autoComplete={isNew ? "new-password" : "current-password"}
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={128}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <Button
            look="quiet"
            aria-label={isShown ? t`Hide what I type` : t`Show what I type`}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? <EyeOffIcon /> : <EyeIcon />}
          </Button>
        </span>
      )}
    </Field>
  );
}
