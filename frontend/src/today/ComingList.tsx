// What is due in the next two days, each to be skipped, or taken back, with one press.
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { PendingBadge } from "../ui/Badge";
import { Label } from "../alarms/Label";
import { useClock } from "../alarms/useClock";
import { wallOf } from "../alarms/wall";
import { follow, routeToPath } from "../app/router";
import { Button } from "../ui/Button";
import styles from "./ComingList.module.css";
import { reasonInWords } from "./reasons";
import { There } from "./There";
import type { Due } from "./todayView";

/** So many are seen at a glance; hundreds more are one press away. */
const FIRST = 10;

interface Props {
  readonly coming: readonly Due[];
  readonly now: number;
  readonly onSkip: (due: Due, isSkipped: boolean) => void;
}

export function ComingList({ coming, now, onSkip }: Props) {
  const clock = useClock();
  const days = new Map<string, Due[]>();
  const section = useRef<HTMLElement>(null);
  const [areAllShown, setAreAllShown] = useState(false);
  const shown = areAllShown ? coming : coming.slice(0, FIRST);
  for (const due of shown) {
    const day = wallOf(due, clock).here.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), due]);
  }
  const showAll = () => {
    flushSync(() => setAreAllShown(true));
    // The button is gone: whoever goes by keyboard goes on with the first of the new ones.
    section.current?.querySelectorAll("li").item(FIRST).querySelector("a")?.focus();
  };
  return (
    <section ref={section} aria-labelledby="coming" className={styles["coming"]}>
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
      {shown.length < coming.length ? (
        <Button look="secondary" onClick={showAll} className={styles["all"]}>
          <Trans>Show all</Trans>
        </Button>
      ) : null}
    </section>
  );
}

function Row({ due, onSkip }: { readonly due: Due; readonly onSkip: Props["onSkip"] }) {
  const { t, i18n } = useLingui();
  const clock = useClock();
  const { occurrence, alarm, isSkipped } = due;
  const label = alarm?.fields.label ?? occurrence.label;
  const { here, there } = wallOf(due, clock);
  const time = clock.time(here);
  return (
    <li className={styles["row"]} data-skipped={isSkipped || undefined}>
      <time className={styles["time"]} dateTime={occurrence.local}>
        {time}
      </time>
      <div className={styles["words"]}>
        {alarm ? (
          <a className={styles["label"]} href={routeToPath({ screen: "editor", alarmId: alarm.id })} onClick={follow}>
            <Label>{label}</Label>
          </a>
        ) : (
          <span className={styles["label"]}>
            <Label>{label}</Label>
          </span>
        )}
        {there ? (
          <p className={styles["why"]}>
            <There {...there} />
          </p>
        ) : null}
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
