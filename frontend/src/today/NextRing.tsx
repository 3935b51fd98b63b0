// The next ring: its time, how long until then, and why it will ring.
import { Trans, useLingui } from "@lingui/react/macro";
import { scheduleInWords } from "../alarms/scheduleWords";
import { Label } from "../alarms/Label";
import { useClock } from "../alarms/useClock";
import { wallOf } from "../alarms/wall";
import { follow, routeToPath } from "../app/router";
import { Button } from "../ui/Button";
import { formatDuration, sayDuration } from "../ui/clock";
import { useNow } from "../ui/now";
import { PendingBadge } from "../ui/Badge";
import { Countdown } from "./Countdown";
import { COUNTDOWN_TICK_MS, toWholeMinutes } from "./left";
import styles from "./NextRing.module.css";
import { There } from "./There";
import type { Due } from "./todayView";

interface Props {
  readonly due: Due;
  readonly onSkip: () => void;
}

export function NextRing({ due, onSkip }: Props) {
  const { i18n } = useLingui();
  const clock = useClock();
  const { occurrence, alarm } = due;
  const now = useNow(COUNTDOWN_TICK_MS);
  const leftMs = toWholeMinutes(due.atMs - now);
  const left = formatDuration(leftMs);
  const leftSpoken = sayDuration(leftMs, i18n.locale);
  const today = clock.local(now);
  const { here, there } = wallOf(due, clock);
  return (
    <section className={styles["card"]} aria-labelledby="next-ring">
      <Countdown leftMs={leftMs}>
        <h2 id="next-ring" className={styles["what"]}>
          <Trans>Next ring</Trans>
        </h2>
        <time className={styles["time"]} dateTime={occurrence.local}>
          {clock.time(here)}
        </time>
        <p className={styles["left"]}>
          <span aria-hidden="true">
            <Trans>in {left}</Trans>
          </span>
          <span className="visually-hidden">
            <Trans>in {leftSpoken}</Trans>
          </span>
        </p>
      </Countdown>
      <div className={styles["words"]}>
        <p className={styles["label"]}>
          {alarm ? (
            <a href={routeToPath({ screen: "editor", alarmId: alarm.id })} onClick={follow}>
              <Label>{alarm.fields.label}</Label>
            </a>
          ) : (
            <Label>{occurrence.label}</Label>
          )}
          {due.isPending ? <PendingBadge /> : null}
        </p>
        <p className={styles["day"]}>
          {clock.day(here, now)}
          {there ? (
            <>
              {" · "}
              <There {...there} />
            </>
          ) : null}
        </p>
        {alarm ? (
          <p className={styles["why"]}>
            <Trans>It will ring because it is on:</Trans> {scheduleInWords(i18n, alarm.fields.schedule, today)}
          </p>
        ) : null}
        <Button look="quiet" onClick={onSkip} className={styles["skip"]}>
          <Trans>Skip this one</Trans>
        </Button>
      </div>
    </section>
  );
}
