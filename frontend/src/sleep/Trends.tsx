// The same weeks as charts, each with its table.
import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { follow, routeToPath } from "../app/router";
import { Card } from "../ui/Card";
import { formatDate, formatTime } from "../ui/clock";
import { useNow } from "../ui/now";
import { useClockStyle, usePreferences } from "../ui/preferences";
import { useClock } from "../alarms/useClock";
import { ChartFigure } from "./charts/ChartFigure";
import { AsleepBars, BedTimes, EfficiencyDots } from "./charts/TrendCharts";
import { minutesText, percentText } from "./figures";
import { datesUpTo, trendPoints, type TrendPoint } from "./trendPoints";
import styles from "./Sleep.module.css";
import type { Insights } from "./types";

export function Trends({ insights, days }: { readonly insights: Insights; readonly days: number }) {
  const { t } = useLingui();
  const style = useClockStyle();
  const clock = useClock();
  const now = useNow(60_000);
  const goalMinutes = usePreferences().sleep_goal_minutes;
  const points = useMemo(() => trendPoints(insights.series), [insights.series]);
  const today = clock.local(now).slice(0, 10);
  const newest = points.at(-1)?.date;
  const dates = datesUpTo(newest !== undefined && newest > today ? newest : today, days);
  const shown = points.filter((point) => dates.includes(point.date));
  const day = (point: TrendPoint) => (
    <a href={routeToPath({ screen: "sleep", sessionId: point.night.session_id })} onClick={follow}>
      {formatDate(point.date, style.locale, today)}
    </a>
  );
  const rows = (cells: (point: TrendPoint) => readonly string[]) =>
    [...shown].reverse().map((point) => ({ key: point.date, cells: [day(point), ...cells(point)] }));
  const goal = minutesText(goalMinutes);
  if (shown.length === 0) return null;
  return (
    <Card>
      <ChartFigure
        title={t`Time asleep`}
        table={{
          caption: t`Time asleep by day, naps included`,
          headers: [t`Day`, t`Time asleep`],
          rows: rows((point) => [minutesText(point.asleepMinutes)]),
        }}
        below={
          <p className={styles["soft"]}>
            <span className={styles["dash"]} aria-hidden="true" /> <Trans>Your goal: {goal}.</Trans>{" "}
            <TrendWords insights={insights} />
          </p>
        }
      >
        <AsleepBars dates={dates} points={shown} goalMinutes={goalMinutes} />
      </ChartFigure>
      <ChartFigure
        title={t`Bed and wake times`}
        table={{
          caption: t`Bed and wake times by day`,
          headers: [t`Day`, t`To bed`, t`Up`],
          rows: rows((point) => [formatTime(point.night.start_local, style), formatTime(point.night.end_local, style)]),
        }}
      >
        <BedTimes dates={dates} points={shown} />
      </ChartFigure>
      <ChartFigure
        title={t`Asleep while in bed`}
        table={{
          caption: t`Share of the time in bed that was sleep, by day`,
          headers: [t`Day`, t`Asleep`],
          rows: rows((point) => [percentText(point.efficiency, style.locale)]),
        }}
      >
        <EfficiencyDots dates={dates} points={shown} />
      </ChartFigure>
    </Card>
  );
}

function TrendWords({ insights }: { readonly insights: Insights }) {
  const { minutes_per_week, direction } = insights.insights.trend;
  if (minutes_per_week === null || direction === null) return null;
  const minutes = minutesText(Math.abs(minutes_per_week));
  switch (direction) {
    case "rising":
      return <Trans>It grows by about {minutes} each week.</Trans>;
    case "falling":
      return <Trans>It shrinks by about {minutes} each week.</Trans>;
    case "steady":
      return <Trans>It stays about the same.</Trans>;
  }
}
