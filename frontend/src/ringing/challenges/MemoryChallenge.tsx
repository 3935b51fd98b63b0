// Four digits to keep in mind. They stay as long as one likes, and can be looked at again.
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../ui/Button";
import styles from "./Challenge.module.css";
import { Entry } from "./Entry";
import { isCode, makeCode } from "./puzzles";

export function MemoryChallenge({ onSolved }: { readonly onSolved: () => void }) {
  const [code] = useState(() => makeCode(Math.random));
  const [isHidden, setHidden] = useState(false);
  if (!isHidden)
    return (
      <>
        <h2>
          <Trans>Remember these numbers</Trans>
        </h2>
        <p className={styles["code"]}>{code.split("").join(" ")}</p>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that was just pressed */}
        <Button look="primary" isBig autoFocus onClick={() => setHidden(true)}>
          <Trans>I have them in mind</Trans>
        </Button>
      </>
    );
  return (
    <>
      <Entry label={<Trans>Which numbers were they?</Trans>} isRight={(text) => isCode(text, code)} onRight={onSolved} />
      <Button onClick={() => setHidden(false)}>
        <Trans>Show them again</Trans>
      </Button>
    </>
  );
}
