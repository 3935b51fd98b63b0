// A sum.
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Entry } from "./Entry";
import { isSumOf, makeSum } from "./puzzles";

export function MathChallenge({ onSolved }: { readonly onSolved: () => void }) {
  const [sum] = useState(() => makeSum(Math.random));
  const { first, second } = sum;
  return (
    <Entry
      label={
        <Trans>
          How much is {first} + {second}?
        </Trans>
      }
      isRight={(text) => isSumOf(text, sum)}
      onRight={onSolved}
    />
  );
}
