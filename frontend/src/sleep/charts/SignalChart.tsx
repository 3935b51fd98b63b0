// One measured signal along the night.
import { useMemo } from "react";
import { formatTime } from "../../ui/clock";
import { useClockStyle } from "../../ui/preferences";
import { bucketsOf, linePath } from "../signal";
import type { SleepSession } from "../types";
import styles from "./Charts.module.css";
import { hourTicks, valueTicks } from "./scale";
import { useWidth } from "./useWidth";

const HEIGHT = 96;

interface Props {
  readonly night: SleepSession;
  readonly values: readonly (number | null)[];
  /** Whether 0 is part of the picture. */
  readonly isFromZero: boolean;
}

export function SignalChart({ night, values, isFromZero }: Props) {
  const clock = useClockStyle();
  const [box, width] = useWidth<HTMLDivElement>();
  const buckets = useMemo(() => bucketsOf(values, Math.max(1, Math.floor(width / 3))), [values, width]);
  const means = buckets.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  const low = isFromZero ? 0 : Math.floor(Math.min(...means) / 10) * 10;
  const high = Math.max(low + 10, Math.ceil(Math.max(...means) / 10) * 10);
  const toY = (value: number) => HEIGHT * (1 - (value - low) / (high - low));
  const startMs = Date.parse(night.start);
  const ticks = hourTicks(startMs, startMs + values.length * night.epoch_seconds * 1000, night.time_zone, width);
  const sides = valueTicks(low, high, [5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20_000], 4);
  return (
    <div className={styles["trend"]}>
      <div className={styles["values"]} style={{ height: HEIGHT }}>
        {sides.map((tick) => (
          <span key={tick.value} style={{ top: `${(1 - tick.at) * 100}%` }}>
            {tick.value}
          </span>
        ))}
      </div>
      <div ref={box}>
        <svg className={styles["picture"]} width={width} height={HEIGHT}>
          {sides.map((tick) => (
            <line key={tick.value} x1="0" x2={width} y1={toY(tick.value)} y2={toY(tick.value)} className={styles["rule"]} />
          ))}
          <path d={linePath(buckets, width, toY)} className={styles["signal"]} />
        </svg>
      </div>
      <div className={styles["days"]}>
        {ticks.map((tick) => (
          <span key={tick.at} style={{ left: `${tick.at * 100}%` }}>
            {formatTime(tick.wall, clock)}
          </span>
        ))}
      </div>
    </div>
  );
}
