// What rings now, and what is snoozed: first of all on Today, with the way to settle it.
import { Trans, useLingui } from "@lingui/react/macro";
import { Label } from "../alarms/Label";
import { useClock } from "../alarms/useClock";
import { routeToPath } from "../app/router";
import { Button, LinkButton } from "../ui/Button";
import { formatDuration } from "../ui/clock";
import { useNow } from "../ui/now";
import styles from "./Answering.module.css";
import { COUNTDOWN_TICK_MS, toWholeMinutes } from "./left";
import type { Due } from "./todayView";

export function RingingCard({ due }: { readonly due: Due }) {
  const { t } = useLingui();
  const label = due.alarm?.fields.label ?? due.occurrence.label;
  return (
    <section className={styles["card"]} aria-label={t`Ringing now`}>
      <p className={styles["what"]}>
        <Trans>Ringing now</Trans>
      </p>
      <p className={styles["label"]}>
        <Label>{label}</Label>
      </p>
      <LinkButton look="primary" href={routeToPath({ screen: "ringing", occurrenceId: due.id })}>
        <Trans>Snooze or dismiss</Trans>
      </LinkButton>
    </section>
  );
}

interface SnoozedProps {
  readonly due: Due;
  readonly onDismiss: () => void;
}

export function SnoozedCard({ due, onDismiss }: SnoozedProps) {
  const { t } = useLingui();
  const clock = useClock();
  const label = due.alarm?.fields.label ?? due.occurrence.label;
  const untilMs = Date.parse(due.occurrence.snoozed_until ?? due.occurrence.at);
  const local = clock.local(untilMs);
  const time = clock.time(local);
  const left = formatDuration(toWholeMinutes(untilMs - useNow(COUNTDOWN_TICK_MS)));
  return (
    <section className={styles["card"]} aria-label={t`Snoozed: ${label}`}>
      <p className={styles["what"]}>
        <Trans>Snoozed</Trans>
      </p>
      <p className={styles["label"]}>
        <Label>{label}</Label>
      </p>
      <p>
        <Trans>
          Rings again at <time dateTime={local}>{time}</time>, in {left}.
        </Trans>
      </p>
      <Button onClick={onDismiss}>
        <Trans>Dismiss</Trans>
      </Button>
    </section>
  );
}
