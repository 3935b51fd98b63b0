// Three looks at the same weeks: how long one slept, from when to when, and how much of the time in bed.
import { useLingui } from "@lingui/react/macro";
import { formatTime } from "../../ui/clock";
import { useClockStyle } from "../../ui/preferences";
import { minutesText, percentText } from "../figures";
import { clockOf } from "../nightClock";
import { clockAxis, type TrendPoint } from "../trendPoints";
import styles from "./Charts.module.css";
import { valueTicks } from "./scale";
import { TrendFrame } from "./TrendFrame";

interface Props {
  readonly dates: readonly string[];
  readonly points: readonly TrendPoint[];
}

export function AsleepBars({ dates, points, goalMinutes }: Props & { readonly goalMinutes: number }) {
  const longest = Math.max(goalMinutes, ...points.map((point) => point.asleepMinutes));
  const high = Math.ceil(longest / 120) * 120;
  const ticks = valueTicks(0, high, [120, 240], 5).map((tick) => ({
    value: tick.value,
    at: 1 - tick.at,
    label: tick.value === 0 ? "0" : minutesText(tick.value),
  }));
  return (
    <TrendFrame dates={dates} ticks={ticks}>
      {({ width, height, x, bar }) => (
        <>
          {points.map(({ date, asleepMinutes }) => {
            const own = (asleepMinutes / high) * height;
            return (
              <rect
                key={date}
                x={x(date) - bar / 2}
                y={height - own}
                width={bar}
                height={own}
                rx={Math.min(3, bar / 2)}
                className={styles["bar"]}
              />
            );
          })}
          <line
            x1="0"
            x2={width}
            y1={height * (1 - goalMinutes / high)}
            y2={height * (1 - goalMinutes / high)}
            className={styles["goal"]}
          />
        </>
      )}
    </TrendFrame>
  );
}

export function BedTimes({ dates, points }: Props) {
  const clock = useClockStyle();
  const { origin, low, high, spans } = clockAxis(points);
  const ticks = valueTicks(low + origin, high + origin, [60, 120, 180, 240, 360], 6).map((tick) => ({
    value: tick.value,
    at: tick.at,
    label: formatTime(clockOf(tick.value), clock),
  }));
  return (
    <TrendFrame dates={dates} ticks={ticks}>
      {({ height, x, bar }) => {
        const y = (minute: number) => ((minute - low) / (high - low)) * height;
        return points.map(({ date }, index) => {
          const { from, to } = spans[index]!;
          return (
            <rect
              key={date}
              x={x(date) - bar / 2}
              y={y(from)}
              width={bar}
              height={Math.max(2, y(to) - y(from))}
              rx={Math.min(4, bar / 2)}
              className={styles["span"]}
            />
          );
        });
      }}
    </TrendFrame>
  );
}

export function EfficiencyDots({ dates, points }: Props) {
  const { i18n } = useLingui();
  const low = Math.min(0.5, Math.floor(Math.min(1, ...points.map((point) => point.efficiency)) * 4) / 4);
  const ticks = valueTicks(low * 100, 100, [25], 5).map((tick) => ({
    value: tick.value,
    at: 1 - tick.at,
    label: percentText(tick.value / 100, i18n.locale),
  }));
  return (
    <TrendFrame dates={dates} ticks={ticks}>
      {({ height, x, bar }) => {
        const y = (share: number) => height * (1 - (share - low) / (1 - low));
        const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.date)} ${y(point.efficiency)}`);
        return (
          <>
            <path d={path.join("")} className={styles["line"]} />
            {points.map((point) => (
              <circle
                key={point.date}
                cx={x(point.date)}
                cy={y(point.efficiency)}
                r={Math.min(5, Math.max(3, bar / 2))}
                className={styles["dot"]}
              />
            ))}
          </>
        );
      }}
    </TrendFrame>
  );
}
