// A choice shows in the very frame of the press: the disk takes some milliseconds, and nothing may flicker meanwhile.
import { useEffect, useState } from "react";

/** Where the value has not followed by then, the choice was not taken. */
const PATIENCE_MS = 3_000;

/** The value to show, and how to say what was just chosen. Once the value itself changes, it alone counts again. */
export function useAtOnce<Value>(value: Value): [shown: Value, choose: (chosen: Value) => void] {
  const [choice, setChoice] = useState<{ readonly chosen: Value; readonly instead: Value } | null>(null);
  useEffect(() => {
    if (!choice) return;
    const timer = setTimeout(() => setChoice(null), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [choice]);
  const shown = choice?.instead === value ? choice.chosen : value;
  return [shown, (chosen) => setChoice({ chosen, instead: value })];
}
