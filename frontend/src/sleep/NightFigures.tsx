// The figures of one night, each with what it is and how far off it may be.
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Card } from "../ui/Card";
import { marginOf, minutesText, percentText, type UncertainFigure } from "./figures";
import styles from "./Sleep.module.css";
import { stageInWords } from "./stageWords";
import { STAGES, type Metrics, type SleepSession, type Stage } from "./types";

const MARGIN_OF: Partial<Record<Stage, UncertainFigure>> = { deep: "deep_minutes", rem: "rem_minutes" };

export function NightFigures({ night, metrics }: { readonly night: SleepSession; readonly metrics: Metrics }) {
  const { t, i18n } = useLingui();
  const margin = (figure: UncertainFigure | undefined) => {
    const known = night.analysis_source === "model" && figure !== undefined ? marginOf(night.quality, figure) : null;
    return known === null ? null : minutesText(known);
  };
  const stages = STAGES.filter((stage) => stage !== "wake");
  return (
    <Card title={<Trans>In figures</Trans>}>
      <dl className={styles["tiles"]}>
        {stages.map((stage) => {
          const share = percentText(metrics.stage_share[stage], i18n.locale);
          return (
            <Figure
              key={stage}
              name={stageInWords(i18n, stage)}
              stage={stage}
              value={minutesText(metrics.stage_minutes[stage])}
              margin={margin(MARGIN_OF[stage])}
            >
              <Trans>{share} of the night</Trans>
            </Figure>
          );
        })}
        <Figure
          name={t`Awake in between`}
          stage="wake"
          value={minutesText(metrics.waso_minutes)}
          margin={margin("waso_minutes")}
        >
          <Trans>After falling asleep, getting up included. Everybody wakes up at times.</Trans>
        </Figure>
        <Figure
          name={t`Time to fall asleep`}
          value={metrics.sleep_onset_latency_minutes === null ? "–" : minutesText(metrics.sleep_onset_latency_minutes)}
        >
          <Trans>From the start of the recording to the first sleep.</Trans>
        </Figure>
        <Figure name={t`Asleep while in bed`} value={percentText(metrics.sleep_efficiency, i18n.locale)}>
          <Trans>How much of the recording was sleep.</Trans>
        </Figure>
      </dl>
    </Card>
  );
}

interface FigureProps {
  readonly name: string;
  readonly stage?: Stage;
  readonly value: string;
  readonly margin?: string | null;
  readonly children: ReactNode;
}

function Figure({ name, stage, value, margin, children }: FigureProps) {
  return (
    <div className={styles["tile"]}>
      <dt>
        {stage ? <span className={styles["swatch"]} data-stage={stage} aria-hidden="true" /> : null}
        {name}
      </dt>
      <dd className={styles["figure"]}>
        {value} {margin ? <small>± {margin}</small> : null}
      </dd>
      <dd className={styles["soft"]}>{children}</dd>
    </div>
  );
}
