// How early it may ring when the sleep is light: a few usual choices, or any number of minutes.
import { Trans, useLingui } from "@lingui/react/macro";
import { RadioGroup } from "../ui/RadioGroup";
import { NumberField } from "./NumberField";
import { LIMITS } from "./problems";
import type { Editing } from "./useDraft";

const CHOICES = ["15", "30", "45"];

export function SmartWakePart({ editing }: { readonly editing: Editing }) {
  const { t } = useLingui();
  const { draft, set } = editing;
  return (
    <>
      <RadioGroup
        label={t`Ring earlier when I sleep lightly`}
        hint={
          <Trans>
            This works only on a night that is recorded next to you. Without such data it rings at its time, and never later.
          </Trans>
        }
        choices={[
          { value: "0", label: t`Off` },
          ...CHOICES.map((minutes) => ({ value: minutes, label: <Trans>{minutes} min</Trans> })),
        ]}
        value={draft.smartWakeMinutes}
        onChoose={(smartWakeMinutes) => set({ smartWakeMinutes })}
      />
      <NumberField
        editing={editing}
        name="smartWakeMinutes"
        label={t`Earlier at most, in minutes`}
        range={LIMITS.smartWakeMinutes}
      />
    </>
  );
}
