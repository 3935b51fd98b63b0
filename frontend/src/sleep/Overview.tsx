// All nights: the last one, what could help, patterns over weeks, the list, and one's own data.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Refused } from "../api/queries";
import { useOne } from "../replica/hooks";
import { LinkButton } from "../ui/Button";
import { useIsSimplified, usePreferences } from "../ui/preferences";
import { Progress } from "../ui/Progress";
import { RadioGroup } from "../ui/RadioGroup";
import { Screen } from "../ui/Screen";
import { useInsights, useNights } from "./asks";
import { LastNight } from "./LastNight";
import { latestNight } from "./latestNight";
import { NightList } from "./NightList";
import { OldNews, Unreachable } from "./offline";
import { Patterns } from "./Patterns";
import { Recommendations } from "./Recommendations";
import styles from "./Sleep.module.css";
import { SleepData } from "./SleepData";
import { Trends } from "./Trends";
import type { SleepSession } from "./types";
import { Welcome } from "./Welcome";

export function Overview() {
  const { t } = useLingui();
  const nights = useNights();
  const hasConsent = usePreferences().sleep_consent;
  const isRead = useOne("settings", "me") !== null;
  const hasNights = (nights.data?.length ?? 0) > 0;
  const isEmpty = nights.data?.length === 0;
  return (
    <Screen
      title={t`Sleep`}
      action={
        hasNights && hasConsent ? (
          <LinkButton look="primary" href="/bedside?record">
            <Trans>Record tonight</Trans>
          </LinkButton>
        ) : null
      }
    >
      {nights.isPending ? <Progress /> : null}
      {nights.isError ? (
        nights.data ? (
          <OldNews loadedAt={nights.dataUpdatedAt} onRetry={() => void nights.refetch()} />
        ) : (
          <Unreachable onRetry={() => void nights.refetch()} />
        )
      ) : null}
      {isEmpty && isRead ? <Welcome hasConsent={hasConsent} /> : null}
      {nights.data && hasNights ? <Contents nights={nights.data} /> : null}
      {hasNights || hasConsent ? <SleepData nights={nights.data ?? []} /> : null}
    </Screen>
  );
}

function Contents({ nights }: { readonly nights: readonly SleepSession[] }) {
  const last = latestNight(nights);
  return (
    <>
      {last ? <LastNight night={last} /> : null}
      {last ? <Recommendations /> : null}
      {last ? <Weeks /> : null}
      <NightList nights={nights} />
    </>
  );
}

type Range = "14" | "30" | "90";

/** Patterns: nothing to say of before the first night is done. */
function Weeks() {
  const { t } = useLingui();
  const [range, setRange] = useState<Range>("30");
  const insights = useInsights(Number(range));
  const isSimplified = useIsSimplified();
  const count = (days: number) => t`${days} days`;
  return (
    <section className={styles["weeks"]} aria-labelledby="sleep-weeks">
      <h2 id="sleep-weeks">
        <Trans>Over time</Trans>
      </h2>
      <RadioGroup
        label={t`How far to look back`}
        isLabelHidden
        choices={[
          { value: "14", label: count(14) },
          { value: "30", label: count(30) },
          { value: "90", label: count(90) },
        ]}
        value={range}
        onChoose={setRange}
      />
      {insights.isPending ? <Progress /> : null}
      {insights.error instanceof Refused ? (
        <p>
          <Trans>This server does not analyse sleep, so there are no figures over time.</Trans>
        </p>
      ) : null}
      {insights.isError && !(insights.error instanceof Refused) && !insights.data ? (
        <Unreachable onRetry={() => void insights.refetch()} />
      ) : null}
      {insights.data ? <Patterns insights={insights.data} /> : null}
      {insights.data && !isSimplified ? <Trends insights={insights.data} days={Number(range)} /> : null}
    </section>
  );
}
