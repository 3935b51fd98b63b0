// Today: the next ring, what comes in two days, what did not ring and why. Everything comes from the device itself.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useClock } from "../alarms/useClock";
import { follow } from "../app/router";
import { useAll, useSyncState } from "../replica/hooks";
import { LinkButton } from "../ui/Button";
import { useNow } from "../ui/now";
import { useIsSimplified } from "../ui/preferences";
import { Screen } from "../ui/Screen";
import { undoToast } from "../alarms/undoToast";
import { wallOf } from "../alarms/wall";
import { dismiss, skip } from "./actions";
import { RingingCard, SnoozedCard } from "./Answering";
import { ComingList } from "./ComingList";
import { EmptyToday } from "./EmptyToday";
import { Happened } from "./Happened";
import { Nap } from "./Nap";
import { NextRing } from "./NextRing";
import { NothingSoon } from "./NothingSoon";
import { ReadinessCard } from "./ReadinessCard";
import styles from "./TodayScreen.module.css";
import { todayView, type Due, type TodayView } from "./todayView";

export default function TodayScreen() {
  const { t } = useLingui();
  const now = useNow(60_000);
  const view = useTodayView(now);
  const pulledAt = useSyncState().pulledAt;
  const isFirstPull = view !== null && !view.hasAlarms && pulledAt === null;
  return (
    <Screen
      title={t`Today`}
      action={
        view?.hasAlarms ? (
          <LinkButton look="secondary" href="/alarms/new">
            <Trans>New alarm</Trans>
          </LinkButton>
        ) : null
      }
    >
      {view === null || isFirstPull ? (
        <p className={styles["loading"]} role="status">
          {isFirstPull ? <Trans>Getting your alarms…</Trans> : null}
        </p>
      ) : (
        <Contents view={view} now={now} />
      )}
    </Screen>
  );
}

function useTodayView(now: number): TodayView | null {
  const occurrences = useAll("occurrence");
  const alarms = useAll("alarm");
  return useMemo(() => (occurrences && alarms ? todayView({ occurrences, alarms }, now) : null), [occurrences, alarms, now]);
}

function Contents({ view, now }: { readonly view: TodayView; readonly now: number }) {
  const { t } = useLingui();
  const clock = useClock();
  const isSimplified = useIsSimplified();
  const { next, coming, switchedOff } = view;

  const setSkipped = (due: Due, isSkipped: boolean) => {
    void skip(due.id, isSkipped);
    const label = due.alarm?.fields.label ?? due.occurrence.label;
    const time = clock.time(wallOf(due, clock).here);
    const text = isSkipped ? t`${label} at ${time} will not ring.` : t`${label} at ${time} will ring.`;
    undoToast(text, { label: t`Undo`, run: () => void skip(due.id, !isSkipped) });
  };

  return (
    <>
      {view.ringing.map((due) => (
        <RingingCard key={due.id} due={due} />
      ))}
      {view.snoozed.map((due) => (
        <SnoozedCard key={due.id} due={due} onDismiss={() => void dismiss(due)} />
      ))}
      {!view.hasAlarms ? <EmptyToday /> : null}
      {next ? <NextRing due={next} onSkip={() => setSkipped(next, true)} /> : null}
      {view.isQuiet ? <NothingSoon alarms={view.alarms} now={now} /> : null}
      <Nap />
      {view.hasAlarms ? <ReadinessCard /> : null}
      {isSimplified || coming.length === 0 || (coming.length === 1 && next) ? null : (
        <ComingList coming={coming} now={now} onSkip={setSkipped} />
      )}
      <Happened view={view} now={now} />
      {switchedOff > 0 && !isSimplified ? (
        <p className={styles["off"]}>
          <a href="/alarms?show=off" onClick={follow}>
            {t`${plural(switchedOff, { one: "# alarm is switched off", other: "# alarms are switched off" })}`}
          </a>
        </p>
      ) : null}
    </>
  );
}
