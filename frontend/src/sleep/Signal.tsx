// What was measured, if somebody asks for it: movement and heart rate over the night.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { formatTime } from "../ui/clock";
import { Progress } from "../ui/Progress";
import { useClockStyle } from "../ui/preferences";
import { useNight } from "./asks";
import { ChartFigure } from "./charts/ChartFigure";
import { SignalChart } from "./charts/SignalChart";
import { wallAt } from "./nightClock";
import { Unreachable } from "./offline";
import styles from "./Sleep.module.css";
import { bucketsOf, type Bucket } from "./signal";
import type { WholeNight } from "./types";

/** Rows of a table a person can read. */
const ROW_EPOCHS = 60;

export function Signal({ night }: { readonly night: WholeNight }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      title={<Trans>What was measured</Trans>}
      action={
        isOpen ? null : (
          <Button look="quiet" onClick={() => setOpen(true)}>
            <Trans>Show</Trans>
          </Button>
        )
      }
    >
      {isOpen ? (
        <Measured night={night} />
      ) : (
        <p className={styles["soft"]}>
          <Trans>Movement and heart rate, from which the stages are estimated.</Trans>
        </p>
      )}
    </Card>
  );
}

function Measured({ night }: { readonly night: WholeNight }) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const whole = useNight(night.id, true);
  if (whole.isPending) return <Progress />;
  if (!whole.data) return <Unreachable onRetry={() => void whole.refetch()} />;
  const { counts, heart_rate } = whole.data;
  const numbers = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 0 });
  const at = (epoch: number) =>
    formatTime(wallAt(Date.parse(night.start) + epoch * night.epoch_seconds * 1000, night.time_zone), clock);
  const rows = (buckets: readonly Bucket[]) =>
    buckets.map(({ first, after, mean }) => ({
      key: String(first),
      cells: [`${at(first)} – ${at(after)}`, mean === null ? "–" : numbers.format(mean)],
    }));
  const charts = [
    { title: t`Heart rate`, header: t`Beats a minute, mean`, values: heart_rate ?? [] },
    { title: t`Movement`, header: t`Activity counts, mean`, values: counts ?? [] },
  ].filter(({ values }) => values.some((value) => value !== null));
  return charts.map(({ title, header, values }, index) => (
    <ChartFigure
      key={title}
      title={title}
      table={{
        caption: t`${title} by half hours`,
        headers: [t`When`, header],
        rows: rows(bucketsOf(values, Math.ceil(values.length / ROW_EPOCHS))),
      }}
    >
      <SignalChart night={night} values={values} isFromZero={index === charts.length - 1} />
    </ChartFigure>
  ));
}
