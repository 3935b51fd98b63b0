// What is wrong with a field, in words; nothing before the person pressed Save for the first time.
import { useLingui } from "@lingui/react/macro";
import { createContext, useContext } from "react";
import type { Draft } from "./draft";
import { problemInWords } from "./problemWords";
import type { Editing } from "./useDraft";

/** Whether Save was pressed while something was wrong. */
export const AreProblemsShown = createContext(false);

export function useProblemWords({ problems }: Pick<Editing, "problems">): (field: keyof Draft) => string | null {
  const { i18n } = useLingui();
  const areShown = useContext(AreProblemsShown);
  return (field) => {
    const problem = problems[field];
    return areShown && problem ? problemInWords(i18n, problem) : null;
  };
}
