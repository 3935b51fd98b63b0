// A button pressed some times, for who cannot hold one.
import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../ui/Button";

interface Props {
  readonly presses: number;
  readonly onSolved: () => void;
}

export function PressChallenge({ presses, onSolved }: Props) {
  const [left, setLeft] = useState(presses);
  return (
    <>
      <h2>
        <Trans>Press to stop the alarm</Trans>
      </h2>
      <Button
        look="primary"
        isBig
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- it takes the place of the button that was just pressed
        onClick={() => {
          if (left <= 1) onSolved();
          else setLeft(left - 1);
        }}
      >
        <span aria-live="polite">
          <Plural value={left} one="Press # more time" other="Press # more times" />
        </span>
      </Button>
    </>
  );
}
