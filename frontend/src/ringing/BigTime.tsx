// The time of day, large enough to be read from bed.
import { deviceLocalOf, timeParts } from "../ui/clock";
import { useNow } from "../ui/now";
import { useClockStyle } from "../ui/preferences";
import styles from "./BigTime.module.css";

export function BigTime() {
  const now = useNow(1000);
  const { time, period } = timeParts(deviceLocalOf(now), useClockStyle());
  return (
    <p className={styles["time"]}>
      <time>{time}</time>
      {period ? <span className={styles["period"]}>{period}</span> : null}
    </p>
  );
}
