// The stages of a night from left to right, each in a lane of its own; below, how sure the model is, and a slider to read it.
import { Trans, useLingui } from "@lingui/react/macro";
import { useId, useMemo, useState } from "react";
import { useClockStyle } from "../../ui/preferences";
import { formatTime } from "../../ui/clock";
import { percentText } from "../figures";
import { wallAt } from "../nightClock";
import { runsOf } from "../runs";
import { stageInWords } from "../stageWords";
import { STAGES, type Epoch } from "../types";
import styles from "./Hypnogram.module.css";
import { confidencePath, shapeOf, type Shape } from "./hypnogramShape";
import { hourTicks } from "./scale";
import { useWidth } from "./useWidth";

export interface Night {
  readonly epochs: readonly Epoch[];
  readonly startMs: number;
  readonly epochSeconds: number;
  readonly zone: string;
}

interface Props {
  readonly night: Night;
  /** A glance at it: low lanes and no band. */
  readonly isSmall?: boolean;
  /** The epoch that is being read. */
  readonly cursor?: number | null;
}

export function Hypnogram({ night, isSmall = false, cursor = null }: Props) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const [box, width] = useWidth<HTMLDivElement>();
  const { epochs, startMs, epochSeconds, zone } = night;
  const shape = useMemo(() => shapeOf(runsOf(epochs), epochs.length, width), [epochs, width]);
  const band = useMemo(() => (isSmall ? "" : confidencePath(epochs, width, BAND)), [epochs, width, isSmall]);
  const ticks = hourTicks(startMs, startMs + epochs.length * epochSeconds * 1000, zone, width);
  const at = cursor === null || epochs.length === 0 ? null : ((cursor + 0.5) / epochs.length) * width;
  return (
    <div className={isSmall ? `${styles["chart"] ?? ""} ${styles["small"] ?? ""}` : styles["chart"]}>
      <div className={styles["lanes"]}>
        {STAGES.map((stage) => (
          <span key={stage}>{stageInWords(i18n, stage)}</span>
        ))}
      </div>
      <div ref={box} className={styles["box"]}>
        <Lanes shape={shape} laneHeight={isSmall ? 20 : 40} width={width} at={at} />
      </div>
      {band === "" ? null : (
        <>
          <span className={styles["sure"]}>{t`How sure`}</span>
          <svg className={styles["band"]} width={width} height={BAND}>
            <line x1="0" x2={width} y1="0.5" y2="0.5" className={styles["rule"]} />
            <line x1="0" x2={width} y1={BAND / 2} y2={BAND / 2} className={styles["rule"]} />
            <path d={band} />
            {at === null ? null : <line x1={at} x2={at} y1="0" y2={BAND} className={styles["cursor"]} />}
          </svg>
        </>
      )}
      <div className={styles["hours"]}>
        {ticks.map((tick) => (
          <span key={tick.at} style={{ left: `${tick.at * 100}%` }}>
            {formatTime(tick.wall, clock)}
          </span>
        ))}
      </div>
    </div>
  );
}

const BAND = 32;

interface LanesProps {
  readonly shape: Shape;
  readonly laneHeight: number;
  readonly width: number;
  readonly at: number | null;
}

function Lanes({ shape, laneHeight, width, at }: LanesProps) {
  const hatch = useId();
  const height = laneHeight * STAGES.length;
  const inset = laneHeight * 0.16;
  const middle = (lane: number) => (lane + 0.5) * laneHeight;
  return (
    <svg className={styles["picture"]} width={width} height={height}>
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" x2="0" y1="0" y2="6" className={styles["hatch"]} />
      </pattern>
      {STAGES.map((stage, lane) => (
        <line key={stage} x1="0" x2={width} y1={middle(lane)} y2={middle(lane)} className={styles["rule"]} />
      ))}
      {shape.steps.map((step, index) => (
        <line key={index} x1={step.x} x2={step.x} y1={middle(step.from)} y2={middle(step.to)} className={styles["step"]} />
      ))}
      {shape.blocks.map(({ run, x, width: own, lane }) =>
        lane === null ? (
          <rect key={run.first} x={x} y="0" width={own} height={height} fill={`url(#${hatch})`} />
        ) : (
          <rect
            key={run.first}
            x={x}
            y={lane * laneHeight + inset}
            width={own}
            height={laneHeight - 2 * inset}
            rx={Math.min(4, own / 2)}
            className={styles[run.stage ?? ""]}
          />
        ),
      )}
      {at === null ? null : <line x1={at} x2={at} y1="0" y2={height} className={styles["cursor"]} />}
    </svg>
  );
}

interface ReaderProps {
  readonly night: Night;
  readonly cursor: number | null;
  readonly onMove: (cursor: number) => void;
}

/** A slider along the night: by finger, by mouse and by arrow keys, and it is read out. */
export function NightReader({ night, cursor, onMove }: ReaderProps) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const { epochs, startMs, epochSeconds, zone } = night;
  const place = cursor ?? 0;
  const epoch = epochs[place];
  const time = formatTime(wallAt(startMs + place * epochSeconds * 1000, zone), clock);
  const stage = stageInWords(i18n, epoch?.stage ?? null);
  const sure = epoch?.confidence == null ? null : percentText(epoch.confidence, i18n.locale);
  const text = sure === null ? t`${time}: ${stage}` : t`${time}: ${stage}, ${sure} sure`;
  return (
    <div className={styles["reader"]}>
      <input
        type="range"
        min={0}
        max={Math.max(0, epochs.length - 1)}
        value={place}
        aria-label={t`Moment of the night`}
        aria-valuetext={text}
        onChange={(event) => onMove(Number(event.target.value))}
      />
      <output className={styles["moment"]}>
        {cursor === null ? <Trans>Slide to read the night minute by minute.</Trans> : text}
      </output>
    </div>
  );
}

/** The moment that is being read, if any. */
export function useCursor(): readonly [number | null, (cursor: number) => void] {
  return useState<number | null>(null);
}
