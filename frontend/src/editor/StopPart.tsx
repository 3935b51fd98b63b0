// How it is snoozed and what it takes to stop it.
import { Trans, useLingui } from "@lingui/react/macro";
import { RadioGroup } from "../ui/RadioGroup";
import { NumberField } from "./NumberField";
import { LIMITS } from "./problems";
import styles from "./StopPart.module.css";
import type { Editing } from "./useDraft";

export function StopPart({ editing }: { readonly editing: Editing }) {
  const { t } = useLingui();
  const { draft, set } = editing;
  return (
    <>
      <div className={styles["pair"]}>
        <NumberField editing={editing} name="snoozeMinutes" label={t`Snooze, in minutes`} range={LIMITS.snoozeMinutes} />
        <NumberField
          editing={editing}
          name="snoozeLimit"
          label={t`Snoozes at most`}
          hint={<Trans>0 means: no snooze.</Trans>}
          range={LIMITS.snoozeLimit}
        />
      </div>
      <RadioGroup
        look="list"
        label={t`To stop it`}
        hint={
          <Trans>
            You are never locked in: every task offers a simpler way out, holding a button for a while or pressing it some
            times.
          </Trans>
        }
        choices={[
          { value: "none", label: t`Press a button`, hint: t`Nothing more.` },
          { value: "hold", label: t`Hold a button`, hint: t`For five seconds.` },
          { value: "math", label: t`Do a small sum`, hint: t`Two numbers to add.` },
          { value: "memory", label: t`Remember four numbers`, hint: t`You can look at them as long as you like.` },
          { value: "shake", label: t`Shake the phone`, hint: t`Where it cannot be felt, hold a button.` },
        ]}
        value={draft.challenge}
        onChoose={(challenge) => set({ challenge })}
      />
      <NumberField
        editing={editing}
        name="timeoutMinutes"
        label={t`Rings for, in minutes`}
        hint={<Trans>Then it counts as missed, and the history says so.</Trans>}
        range={LIMITS.timeoutMinutes}
      />
    </>
  );
}
