// The frame of a chart over days: values up the side, dates along the bottom, lines between. What is in it, its owner draws.
import type { ReactNode } from "react";
import { formatDate } from "../../ui/clock";
import { useClockStyle } from "../../ui/preferences";
import styles from "./Charts.module.css";
import { placesToName, type Tick } from "./scale";
import { useWidth } from "./useWidth";

const HEIGHT = 150;

export interface Plot {
  readonly width: number;
  readonly height: number;
  /** The middle of a day's column. */
  readonly x: (date: string) => number;
  /** How wide a bar of one day may be. */
  readonly bar: number;
}

interface Props {
  readonly dates: readonly string[];
  /** From the top of the chart, 0 to 1. */
  readonly ticks: readonly (Tick & { readonly label: string })[];
  readonly children: (plot: Plot) => ReactNode;
}

export function TrendFrame({ dates, ticks, children }: Props) {
  const { locale } = useClockStyle();
  const [box, width] = useWidth<HTMLDivElement>();
  const column = dates.length === 0 ? 0 : width / dates.length;
  const x = (date: string) => (dates.indexOf(date) + 0.5) * column;
  const named = placesToName(dates.length, width, 120);
  return (
    <div className={styles["trend"]}>
      <div className={styles["values"]} style={{ height: HEIGHT }}>
        {ticks.map((tick) => (
          <span key={tick.value} style={{ top: `${tick.at * 100}%` }}>
            {tick.label}
          </span>
        ))}
      </div>
      <div ref={box}>
        <svg className={styles["picture"]} width={width} height={HEIGHT}>
          {ticks.map((tick) => (
            <line
              key={tick.value}
              x1="0"
              x2={width}
              y1={tick.at * HEIGHT}
              y2={tick.at * HEIGHT}
              className={styles["rule"]}
            />
          ))}
          {width === 0 ? null : children({ width, height: HEIGHT, x, bar: Math.max(2, Math.min(18, column * 0.62)) })}
        </svg>
      </div>
      <div className={styles["days"]}>
        {named.map((place) => {
          const date = dates[place]!;
          return (
            <span
              key={date}
              className={place === dates.length - 1 ? styles["last"] : undefined}
              style={place === dates.length - 1 ? undefined : { left: `${((place + 0.5) / dates.length) * 100}%` }}
            >
              {formatDate(date, locale)}
            </span>
          );
        })}
      </div>
    </div>
  );
}
