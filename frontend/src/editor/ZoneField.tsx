// By which clock it rings: the person's own, wherever they are, or one fixed zone's.
import { Trans, useLingui } from "@lingui/react/macro";
import { useId, useState } from "react";
import { useClock } from "../alarms/useClock";
import { zoneCity } from "../ui/clock";
import { Field } from "../ui/Field";
import { RadioGroup } from "../ui/RadioGroup";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import { zoneNames } from "./zoneNames";

export function ZoneField({ editing }: { readonly editing: Editing }) {
  const { t } = useLingui();
  const words = useProblemWords(editing);
  const clock = useClock();
  const listId = useId();
  const { draft, set } = editing;
  const isFixed = draft.zone !== null;
  const [lastZone, setLastZone] = useState(draft.zone ?? clock.zone ?? "UTC");
  const city = zoneCity(clock.zone ?? "");
  return (
    <>
      <RadioGroup
        look="list"
        label={t`Time zone`}
        choices={[
          {
            value: "own",
            label: t`Where I am`,
            hint: clock.zone === null ? null : t`Now ${city}. It moves with you when you travel.`,
          },
          { value: "fixed", label: t`Always the same place`, hint: t`Such as a call with somebody far away.` },
        ]}
        value={isFixed ? "fixed" : "own"}
        onChoose={(value) => set({ zone: value === "own" ? null : lastZone })}
      />
      {isFixed ? (
        <Field
          label={t`Place`}
          error={words("zone")}
          hint={<Trans>Type a city, such as Tokyo, and choose from the list.</Trans>}
        >
          {(props) => (
            <>
              <input
                {...props}
                type="text"
                list={listId}
                autoComplete="off"
                spellCheck={false}
                value={draft.zone ?? ""}
                onChange={(event) => {
                  setLastZone(event.target.value);
                  set({ zone: event.target.value });
                }}
              />
              <datalist id={listId}>
                {zoneNames().map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      ) : null}
    </>
  );
}
