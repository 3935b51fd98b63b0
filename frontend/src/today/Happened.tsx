// What did not ring since yesterday and why: missed, without news, left out on purpose.
import { Trans, useLingui } from "@lingui/react/macro";
import { Label } from "../alarms/Label";
import { useClock } from "../alarms/useClock";
import { wallOf } from "../alarms/wall";
import { follow, routeToPath } from "../app/router";
import styles from "./Happened.module.css";
import { reasonInWords } from "./reasons";
import type { Due, TodayView } from "./todayView";

interface Props {
  readonly view: TodayView;
  readonly now: number;
}

export function Happened({ view, now }: Props) {
  const { t, i18n } = useLingui();
  const { missed, noNews, leftOut } = view;
  if (missed.length + noNews.length + leftOut.length === 0) return null;
  return (
    <section aria-labelledby="happened" className={styles["happened"]}>
      <h2 id="happened">
        <Trans>Did not ring</Trans>
      </h2>
      <ul className={styles["list"]}>
        {missed.map((due) => (
          <Line key={due.id} due={due} now={now} look="missed" what={t`Missed`}>
            {reasonInWords(i18n, due.occurrence.reason)}
          </Line>
        ))}
        {noNews.map((due) => (
          <Line key={due.id} due={due} now={now} look="unknown" what={t`No news yet`}>
            <Trans>Its time has passed. This device has not heard yet whether it rang.</Trans>
          </Line>
        ))}
        {leftOut.map((due) => (
          <Line key={due.id} due={due} now={now} look="left_out" what={t`Left out`}>
            {reasonInWords(i18n, due.occurrence.reason)}
          </Line>
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly due: Due;
  readonly now: number;
  readonly look: "missed" | "unknown" | "left_out";
  readonly what: string;
  readonly children: React.ReactNode;
}

function Line({ due, now, look, what, children }: LineProps) {
  const clock = useClock();
  const { occurrence, alarm } = due;
  const label = alarm?.fields.label ?? occurrence.label;
  const { here } = wallOf(due, clock);
  const day = clock.day(here, now);
  const time = clock.time(here);
  return (
    <li className={styles["line"]}>
      <p className={styles["head"]}>
        <span className={styles["what"]} data-look={look}>
          {what}
        </span>
        <span className={styles["label"]}>
          <Label>{label}</Label>
        </span>
        <time className={styles["when"]} dateTime={occurrence.local}>
          <Trans>
            {day}, {time}
          </Trans>
        </time>
      </p>
      <p className={styles["why"]}>{children}</p>
      {look === "unknown" ? null : (
        <a className={styles["more"]} href={routeToPath({ screen: "history", occurrenceId: due.id })} onClick={follow}>
          <Trans>
            See what happened
            <span className="visually-hidden">
              : {label}, {time}
            </span>
          </Trans>
        </a>
      )}
    </li>
  );
}
