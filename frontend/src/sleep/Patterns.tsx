// Figures over weeks: each with what it means in one sentence and the number of nights behind it.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Card } from "../ui/Card";
import { formatTime } from "../ui/clock";
import { useClockStyle } from "../ui/preferences";
import { minutesText } from "./figures";
import { missing } from "./missing";
import styles from "./Sleep.module.css";
import type { Insight, Insights } from "./types";

export function Patterns({ insights }: { readonly insights: Insights }) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const { total_sleep_time, bed_time, wake_time, regularity, social_jetlag, chronotype, debt } = insights.insights;
  const time = (wall: string | null) => (wall === null ? null : formatTime(wall, clock));
  const length = (minutes: number | null) => (minutes === null ? null : minutesText(minutes));
  const [bed, up] = [time(bed_time.time), time(wake_time.time)];
  const goal = minutesText(debt.goal_minutes);
  const whole = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 0 });
  return (
    <Card className={styles["patterns"]}>
      <dl className={styles["tiles"]}>
        <Tile name={t`Time asleep`} insight={total_sleep_time} value={length(total_sleep_time.minutes)}>
          <Trans>The average of a night.</Trans>
        </Tile>
        <Tile name={t`Usual hours`} insight={bed_time} value={bed !== null && up !== null ? `${bed} – ${up}` : null}>
          <Trans>When you go to bed and when you wake up, averaged around the clock.</Trans>
        </Tile>
        <Tile
          name={t`Regularity`}
          insight={regularity}
          value={regularity.index === null ? null : whole.format(regularity.index)}
          unit={t({ message: "of 100", comment: "after the figure of the sleep regularity index" })}
        >
          <Trans>How alike your days are: at 100 you sleep and wake at the same moments every day, at 0 it is chance.</Trans>
        </Tile>
        <Tile name={t`Sleep debt`} insight={debt} value={debtText(debt.minutes, t`None`)}>
          {plural(debt.days, {
            one: `What the nights of the last day lack of your goal of ${goal}. Days without a record do not count.`,
            other: `What the nights of the last # days lack of your goal of ${goal}, all together. Days without a record do not count.`,
          })}
        </Tile>
        <Tile name={t`Social jet lag`} insight={social_jetlag} value={length(social_jetlag.minutes)}>
          <Trans>How far apart your sleep lies on days with an alarm and on days without one.</Trans>
        </Tile>
        <Tile name={t`Chronotype`} insight={chronotype} value={time(chronotype.mid_sleep)}>
          <Trans>
            The middle of your sleep when no alarm rings. It shows what your body likes; early or late, neither is better.
          </Trans>
        </Tile>
      </dl>
    </Card>
  );
}

function debtText(minutes: number | null, none: string): string | null {
  if (minutes === null) return null;
  return Math.round(minutes) === 0 ? none : minutesText(minutes);
}

interface TileProps {
  readonly name: string;
  readonly insight: Insight;
  /** Null when there are too few nights. */
  readonly value: string | null;
  readonly unit?: string;
  readonly children: ReactNode;
}

function Tile({ name, insight, value, unit, children }: TileProps) {
  return (
    <div className={styles["tile"]}>
      <dt>{name}</dt>
      {value === null ? (
        <dd className={styles["wanting"]}>
          <Wanting insight={insight} />
        </dd>
      ) : (
        <dd className={styles["figure"]}>
          {value} {unit ? <small>{unit}</small> : null}
        </dd>
      )}
      <dd className={styles["soft"]}>
        {children} {value === null ? null : <Nights count={insight.nights} />}
      </dd>
    </div>
  );
}

export function Nights({ count }: { readonly count: number }) {
  return <>{plural(count, { one: "From # night.", other: "From # nights." })}</>;
}

function Wanting({ insight }: { readonly insight: Insight }) {
  const { kind, have, need } = missing(insight);
  switch (kind) {
    case "nights":
      return (
        <Trans>
          Not enough nights yet: {have} of {need}
        </Trans>
      );
    case "free":
      return plural(need, {
        one: "It takes # more night without an alarm",
        other: "It takes # more nights without an alarm",
      });
    case "work":
      return plural(need, { one: "It takes # more night with an alarm", other: "It takes # more nights with an alarm" });
    case "unknown":
      return <Trans>Not enough nights yet</Trans>;
  }
}
