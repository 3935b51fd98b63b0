// Every kept night, the newest first; some at once, the rest on request.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { routeToPath } from "../app/router";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { formatDate, formatTime } from "../ui/clock";
import { useNow } from "../ui/now";
import { useClockStyle } from "../ui/preferences";
import { minutesText } from "./figures";
import { wallAt } from "./nightClock";
import styles from "./Sleep.module.css";
import type { SleepSession } from "./types";

const AT_ONCE = 7;

export function NightList({ nights }: { readonly nights: readonly SleepSession[] }) {
  const { t } = useLingui();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? nights : nights.slice(0, AT_ONCE);
  const more = nights.length - shown.length;
  return (
    <Card title={t`Your nights`}>
      <Rows>
        {shown.map((night) => (
          <NightRow key={night.id} night={night} />
        ))}
      </Rows>
      {more > 0 ? (
        <Button className={styles["start"]} onClick={() => setWhole(true)}>
          {plural(more, { one: "Show # more", other: "Show # more" })}
        </Button>
      ) : null}
    </Card>
  );
}

function NightRow({ night }: { readonly night: SleepSession }) {
  const { t } = useLingui();
  const clock = useClockStyle();
  const now = useNow(60_000);
  const bed = wallAt(Date.parse(night.start), night.time_zone);
  const up = wallAt(Date.parse(night.end), night.time_zone);
  const times = `${formatTime(bed, clock)} – ${formatTime(up, clock)}`;
  return (
    <Row
      href={routeToPath({ screen: "sleep", sessionId: night.id })}
      title={formatDate(up, clock.locale, wallAt(now, night.time_zone))}
      detail={times}
      end={
        night.state === "recording" ? (
          <Badge>
            <Trans>Being recorded</Trans>
          </Badge>
        ) : (
          <span className={styles["slept"]}>
            {night.metrics ? minutesText(night.metrics.total_sleep_time_minutes) : t`Too little signal`}
          </span>
        )
      }
    />
  );
}
