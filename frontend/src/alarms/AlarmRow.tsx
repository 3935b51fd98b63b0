// One alarm in the list: its time, what it is, when it rings next, and its switch.
import { Trans, useLingui } from "@lingui/react/macro";
import { memo } from "react";
import { follow, routeToPath } from "../app/router";
import type { Shown } from "../replica/types";
import { PendingBadge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { zoneCity } from "../ui/clock";
import { MoreIcon } from "../ui/moreIcons";
import { Switch } from "../ui/Switch";
import { categoryInWords } from "./categories";
import { CategoryIcon } from "./CategoryIcon";
import { Label } from "./Label";
import { isSameNext, type Next } from "./listView";
import { nextInWords } from "./nextWords";
import { scheduleInWords } from "./scheduleWords";
import type { Clock } from "./useClock";
import styles from "./AlarmRow.module.css";

interface Props {
  readonly alarm: Shown<"alarm">;
  readonly next: Next | undefined;
  readonly clock: Clock;
  /** Today's date on the person's wall: rows render again when it changes, not with each minute. */
  readonly today: string;
  /** Undefined while nothing is being chosen. */
  readonly isChosen: boolean | undefined;
  readonly onChoose: (id: string, isChosen: boolean) => void;
  readonly onSwitch: (id: string, enabled: boolean) => void;
  readonly onMore: (id: string) => void;
}

export const AlarmRow = memo(Row, isSameRow);

function Row(props: Props) {
  const { alarm, next, clock, today, isChosen, onChoose, onSwitch, onMore } = props;
  const { t, i18n } = useLingui();
  const { label, enabled, schedule, category, time_zone: zone, tags } = alarm.fields;
  const time = clock.time(schedule.start);
  const city = zoneCity(zone ?? "");
  const nextWords = nextInWords(i18n, next, alarm.fields, clock, today);
  return (
    <li className={styles["row"]} data-off={!enabled || undefined}>
      {isChosen === undefined ? (
        <span className={styles["icon"]} title={categoryInWords(i18n, category)}>
          <CategoryIcon category={category} />
        </span>
      ) : (
        <label className={styles["choose"]}>
          <span className="visually-hidden">{t`Choose ${label}`}</span>
          <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(alarm.id, event.target.checked)} />
        </label>
      )}
      <div className={styles["words"]}>
        <a className={styles["link"]} href={routeToPath({ screen: "editor", alarmId: alarm.id })} onClick={follow}>
          <span className={styles["time"]}>{time}</span>{" "}
          <span className={styles["label"]}>
            <Label>{label}</Label>
          </span>
        </a>
        <p className={styles["schedule"]}>{scheduleInWords(i18n, schedule, today)}</p>
        <p className={styles["next"]}>
          <span className={styles["smallIcon"]}>
            <CategoryIcon category={category} />
          </span>
          {nextWords}
          {zone !== null && zone !== clock.zone ? (
            <Trans>
              {" "}
              · {time} in {city}
            </Trans>
          ) : null}
          {tags.length > 0 ? ` · ${tags.join(", ")}` : null}
        </p>
        {alarm.isPending ? <PendingBadge /> : null}
      </div>
      {isChosen === undefined ? (
        <div className={styles["end"]}>
          <Switch
            label={t`${label} at ${time}`}
            isLabelHidden
            checked={enabled}
            onChange={(event) => onSwitch(alarm.id, event.target.checked)}
          />
          <Button look="quiet" aria-label={t`More about ${label}`} onClick={() => onMore(alarm.id)}>
            <MoreIcon />
          </Button>
        </div>
      ) : null}
    </li>
  );
}

/** The next rings are worked out anew with every change; a row that says the same stays as it is, among hundreds. */
function isSameRow(before: Props, after: Props): boolean {
  const names = Object.keys(after) as (keyof Props)[];
  return names.every((name) =>
    name === "next" ? isSameNext(before.next, after.next) : Object.is(before[name], after[name]),
  );
}
