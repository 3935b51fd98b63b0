// How long it repeats, dates left out and added, and by which zone's clock.
import { Trans, useLingui } from "@lingui/react/macro";
import { Field } from "../ui/Field";
import { RadioGroup } from "../ui/RadioGroup";
import { DateList } from "./DateList";
import { NumberField } from "./NumberField";
import { LIMITS } from "./problems";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";
import { ZoneField } from "./ZoneField";

export function DatesPart({ editing }: { readonly editing: Editing }) {
  const { t } = useLingui();
  const words = useProblemWords(editing);
  const { draft, set } = editing;
  const repeats = draft.repeat !== "once";
  return (
    <>
      {repeats && draft.repeat !== "rule" ? (
        <>
          <RadioGroup
            label={t`Ends`}
            choices={[
              { value: "never", label: t`Never` },
              { value: "until", label: t`After a day` },
              { value: "count", label: t`After some times` },
            ]}
            value={draft.end}
            onChoose={(end) => set({ end })}
          />
          {draft.end === "until" ? (
            <Field label={t`The last day`} error={words("untilDate")}>
              {(props) => (
                <input
                  {...props}
                  type="date"
                  min={draft.date}
                  value={draft.untilDate}
                  onChange={(event) => set({ untilDate: event.target.value })}
                />
              )}
            </Field>
          ) : null}
          {draft.end === "count" ? (
            <NumberField editing={editing} name="count" label={t`How many times`} range={LIMITS.count} />
          ) : null}
        </>
      ) : null}
      {repeats ? (
        <DateList
          title={t`Does not ring on`}
          hint={<Trans>Such as a holiday.</Trans>}
          addLabel={t`A day without this alarm`}
          walls={draft.exdates}
          time={draft.time}
          error={words("exdates")}
          onChange={(exdates) => set({ exdates })}
        />
      ) : null}
      <DateList
        title={t`Also rings on`}
        addLabel={t`One more day with this alarm`}
        walls={draft.rdates}
        time={draft.time}
        error={words("rdates")}
        onChange={(rdates) => set({ rdates })}
      />
      <ZoneField editing={editing} />
    </>
  );
}
