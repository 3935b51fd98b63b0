// What it is for: category, importance, tags and notes.
import { Trans, useLingui } from "@lingui/react/macro";
import { CATEGORIES, categoryInWords } from "../alarms/categories";
import { Field } from "../ui/Field";
import { Select } from "../ui/Select";
import { LIMITS } from "./problems";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";

export function AboutPart({ editing }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  const words = useProblemWords(editing);
  const { draft, set } = editing;
  const categories = [...new Set([...CATEGORIES, draft.category])];
  return (
    <>
      <Select
        label={t`Category`}
        options={categories.map((value) => ({ value, label: categoryInWords(i18n, value) }))}
        value={draft.category}
        onChoose={(category) => set({ category })}
      />
      <Select
        label={t`Importance`}
        options={[
          { value: "low", label: t`Low` },
          { value: "normal", label: t`Normal` },
          { value: "high", label: t`High` },
          { value: "critical", label: t`Very high` },
        ]}
        value={draft.priority}
        onChoose={(priority) => set({ priority })}
      />
      <Field label={t`Tags`} error={words("tags")} hint={<Trans>Words to find it by, with commas between them.</Trans>}>
        {(props) => (
          <input
            {...props}
            type="text"
            autoComplete="off"
            value={draft.tags}
            onChange={(event) => set({ tags: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t`What to do when it rings`}
        error={words("instructions")}
        hint={<Trans>Shown while it rings. Short steps help.</Trans>}
      >
        {(props) => (
          <textarea
            {...props}
            rows={4}
            maxLength={LIMITS.instructions}
            value={draft.instructions}
            onChange={(event) => set({ instructions: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
