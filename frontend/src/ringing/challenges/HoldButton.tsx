// A button that is held for some seconds: by finger, mouse, or the Space or Enter key. Letting go starts it over.
import { Plural } from "@lingui/react/macro";
import { useEffect, useEffectEvent, useState, type KeyboardEvent, type ReactNode } from "react";
import styles from "./Challenge.module.css";

interface Props {
  readonly seconds: number;
  readonly onDone: () => void;
  readonly isMain?: boolean;
  readonly children: ReactNode;
}

const TICK_MS = 100;

export function HoldButton({ seconds, onDone, isMain = false, children }: Props) {
  const [heldSince, setHeldSince] = useState<number | null>(null);
  const [held, setHeld] = useState(0);
  const tick = useEffectEvent((since: number) => {
    const done = (performance.now() - since) / 1000 / seconds;
    setHeld(Math.min(1, done));
    if (done < 1) return;
    setHeldSince(null);
    onDone();
  });
  useEffect(() => {
    if (heldSince === null) return;
    const timer = setInterval(() => tick(heldSince), TICK_MS);
    return () => clearInterval(timer);
  }, [heldSince]);

  const begin = () => setHeldSince((since) => since ?? performance.now());
  const end = () => {
    setHeldSince(null);
    setHeld(0);
  };
  const isHoldKey = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
  const left = Math.max(1, Math.ceil(seconds * (1 - held)));

  return (
    <button
      type="button"
      autoFocus={isMain} // eslint-disable-line jsx-a11y/no-autofocus -- it takes the place of the button that was just pressed
      className={`${styles["hold"]} ${isMain ? styles["holdMain"] : ""}`}
      onPointerDown={(event) => {
        if (event.button === 0) begin();
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onPointerLeave={end}
      onBlur={end}
      onContextMenu={(event) => event.preventDefault()} // a long press is what we ask for
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={(event) => {
        if (isHoldKey(event)) end();
      }}
    >
      <span className={styles["fill"]} style={{ scale: `${held} 1` }} aria-hidden="true" />
      <span className={styles["words"]} aria-live="polite">
        {heldSince === null ? (
          children
        ) : (
          <Plural value={left} one="Keep holding. # second left." other="Keep holding. # seconds left." />
        )}
      </span>
    </button>
  );
}
