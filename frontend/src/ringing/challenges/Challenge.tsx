// What has to be done before the alarm stops, always with a way that asks for neither thinking nor moving.
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../ui/Button";
import styles from "./Challenge.module.css";
import { HoldButton } from "./HoldButton";
import { MathChallenge } from "./MathChallenge";
import { MemoryChallenge } from "./MemoryChallenge";
import { PressChallenge } from "./PressChallenge";
import { ShakeChallenge } from "./ShakeChallenge";

const HOLD_SECONDS = 5;
const INSTEAD_SECONDS = 10;
const INSTEAD_PRESSES = 10;

interface Props {
  readonly kind: "none" | "math" | "hold" | "shake" | "memory";
  readonly onSolved: () => void;
  readonly onBack: () => void;
}

export function Challenge({ kind, onSolved, onBack }: Props) {
  const [isInstead, setInstead] = useState(false);
  return (
    <section className={styles["challenge"]}>
      {isInstead && kind === "hold" ? (
        <PressChallenge presses={INSTEAD_PRESSES} onSolved={onSolved} />
      ) : (
        <Task kind={kind} onSolved={onSolved} />
      )}
      {kind === "hold" ? (
        isInstead ? null : (
          <Button onClick={() => setInstead(true)}>
            <Trans>Press a button {INSTEAD_PRESSES} times instead</Trans>
          </Button>
        )
      ) : (
        <HoldButton seconds={INSTEAD_SECONDS} onDone={onSolved}>
          <Trans>Hold this button for {INSTEAD_SECONDS} seconds instead</Trans>
        </HoldButton>
      )}
      <Button look="quiet" onClick={onBack}>
        <Trans>Back</Trans>
      </Button>
    </section>
  );
}

function Task({ kind, onSolved }: Omit<Props, "onBack">) {
  switch (kind) {
    case "math":
      return <MathChallenge onSolved={onSolved} />;
    case "memory":
      return <MemoryChallenge onSolved={onSolved} />;
    case "shake":
      return <ShakeChallenge onSolved={onSolved} />;
    default:
      return (
        <>
          <h2>
            <Trans>Hold to stop the alarm</Trans>
          </h2>
          <HoldButton seconds={HOLD_SECONDS} onDone={onSolved} isMain>
            <Trans>Hold this button for {HOLD_SECONDS} seconds</Trans>
          </HoldButton>
        </>
      );
  }
}
