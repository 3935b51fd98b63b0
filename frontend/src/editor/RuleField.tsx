// A recurrence rule as text, for what the other choices cannot say.
import { Trans, useLingui } from "@lingui/react/macro";
import { isRuleError, parseRule } from "../time/rule";
import { Field } from "../ui/Field";
import { ruleErrorInWords } from "./problemWords";
import styles from "./RuleField.module.css";
import type { Editing } from "./useDraft";

export function RuleField({ editing: { draft, set } }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  const text = draft.ruleText.trim();
  const read = text === "" ? null : parseRule(text);
  const error = read && isRuleError(read) ? ruleErrorInWords(i18n, read) : null;
  return (
    <Field
      label={t`Rule`}
      error={error}
      hint={
        <Trans>
          In the words of calendars (RFC 5545). For example, the last Friday of each month: FREQ=MONTHLY;BYDAY=-1FR
        </Trans>
      }
    >
      {(props) => (
        <textarea
          {...props}
          name="ruleText"
          rows={2}
          className={`${props.className ?? ""} ${styles["rule"] ?? ""}`}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={draft.ruleText}
          onChange={(event) => set({ ruleText: event.target.value })}
        />
      )}
    </Field>
  );
}
