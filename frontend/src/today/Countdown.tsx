// How long it is until the next ring: a ring that closes as the time comes nearer, around the time itself.
import type { ReactNode } from "react";
import styles from "./Countdown.module.css";

/** The ring is full from here on down to nothing at the ring's instant. */
const FULL_MS = 12 * 3_600_000;

interface Props {
  readonly leftMs: number;
  readonly children: ReactNode;
}

export function Countdown({ leftMs, children }: Props) {
  const left = Math.max(0, Math.min(1, leftMs / FULL_MS));
  return (
    <div className={styles["countdown"]}>
      <svg className={styles["ring"]} viewBox="0 0 200 200" aria-hidden="true" focusable="false">
        <circle className={styles["track"]} cx="100" cy="100" r="92" />
        <circle
          className={styles["left"]}
          cx="100"
          cy="100"
          r="92"
          pathLength={1000}
          strokeDasharray={`${Math.round(left * 1000)} 1000`}
          transform="rotate(-90 100 100)"
        />
      </svg>
      <div className={styles["inside"]}>{children}</div>
    </div>
  );
}
