// A whole number of the draft, with its bounds.
import type { ReactNode } from "react";
import { Field } from "../ui/Field";
import type { Draft } from "./draft";
import { useProblemWords } from "./useProblemWords";
import type { Editing } from "./useDraft";

interface Props {
  readonly editing: Editing;
  readonly name: { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft];
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly range: readonly [number, number];
}

export function NumberField({ editing, name, label, hint, range: [min, max] }: Props) {
  const words = useProblemWords(editing);
  return (
    <Field label={label} hint={hint} error={words(name)}>
      {(props) => (
        <input
          {...props}
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          step={1}
          value={editing.draft[name]}
          onChange={(event) => editing.set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
