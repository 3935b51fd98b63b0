// What is due in the next two days, each to be skipped, or taken back, with one press.
import { Trans, useLingui } from "@lingui/react/macro";
import { PendingBadge } from "../ui/Badge";
import { useClock } from "../alarms/useClock";
import { follow, routeToPath } from "../app/router";
import { Button } from "../ui/Button";
import styles from "./ComingList.module.css";
import { reasonInWords } from "./reasons";
import type { Due } from "./todayView";

interface Props {
  readonly coming: readonly Due[];
  readonly now: number;
  readonly onSkip: (due: Due, isSkipped: boolean) => void;
}

export function ComingList({ coming, now, onSkip }: Props) {
  const clock = useClock();
  const days = new Map<string, Due[]>();
  for (const due of coming) {
    const day = due.occurrence.local.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), due]);
  }
  return (
    <section aria-labelledby="coming" className={styles["coming"]}>
      <h2 id="coming">
        <Trans>The next two days</Trans>
      </h2>
      {[...days].map(([day, dues]) => (
        <div key={day} className={styles["day"]}>
          <h3 className={styles["dayName"]}>{clock.day(`${day}T00:00:00`, now)}</h3>
          <ul className={styles["list"]}>
            {dues.map((due) => (
              <Row key={due.id} due={due} onSkip={onSkip} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Row({ due, onSkip }: { readonly due: Due; readonly onSkip: Props["onSkip"] }) {
  const { t, i18n } = useLingui();
  const clock = useClock();
  const { occurrence, alarm, isSkipped } = due;
  const label = alarm?.fields.label ?? occurrence.label;
  const time = clock.time(occurrence.local);
  return (
    <li className={styles["row"]} data-skipped={isSkipped || undefined}>
      <time className={styles["time"]} dateTime={occurrence.local}>
        {time}
      </time>
      <div className={styles["words"]}>
        {alarm ? (
          <a className={styles["label"]} href={routeToPath({ screen: "editor", alarmId: alarm.id })} onClick={follow}>
            {label}
          </a>
        ) : (
          <span className={styles["label"]}>{label}</span>
        )}
        {isSkipped ? (
          <p className={styles["why"]}>
            {t`Will not ring.`} {reasonInWords(i18n, occurrence.reason ?? "You skipped this one.")}
          </p>
        ) : null}
        {due.isPending ? <PendingBadge /> : null}
      </div>
      <Button
        look="secondary"
        onClick={() => onSkip(due, !isSkipped)}
        aria-label={isSkipped ? t`Let ${label} at ${time} ring` : t`Skip ${label} at ${time}`}
      >
        {isSkipped ? t`Undo skip` : t`Skip`}
      </Button>
    </li>
  );
}
