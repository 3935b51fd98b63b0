// The newest night: how long, how sure, and its picture.
import { Trans, useLingui } from "@lingui/react/macro";
import { follow, routeToPath } from "../app/router";
import { useClockStyle } from "../ui/preferences";
import { formatDate, formatTime } from "../ui/clock";
import { Card } from "../ui/Card";
import { useNow } from "../ui/now";
import { BigDuration } from "./BigDuration";
import { Hypnogram } from "./charts/Hypnogram";
import { useNight } from "./asks";
import { marginOf, minutesText } from "./figures";
import { wallAt } from "./nightClock";
import styles from "./Sleep.module.css";
import { noteInWords, originInWords } from "./sourceWords";
import type { SleepSession } from "./types";

export function LastNight({ night }: { readonly night: SleepSession }) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const now = useNow(60_000);
  const whole = useNight(night.id);
  const bed = wallAt(Date.parse(night.start), night.time_zone);
  const up = wallAt(Date.parse(night.end), night.time_zone);
  const today = wallAt(now, night.time_zone);
  const isLastNight = up.slice(0, 10) === today.slice(0, 10);
  const date = formatDate(up, clock.locale, today);
  const bedTime = formatTime(bed, clock);
  const upTime = formatTime(up, clock);
  const note = noteInWords(i18n, night.quality?.note ?? null);
  return (
    <Card title={isLastNight ? t`Last night` : t`Your latest night: ${date}`}>
      {night.metrics ? (
        <div>
          <BigDuration minutes={night.metrics.total_sleep_time_minutes} />
          <Origin night={night} />
        </div>
      ) : null}
      {note === null ? null : <p className={styles["note"]}>{note}</p>}
      {whole.data?.epochs ? (
        <div aria-hidden="true">
          <Hypnogram
            isSmall
            night={{
              epochs: whole.data.epochs,
              startMs: Date.parse(night.start),
              epochSeconds: night.epoch_seconds,
              zone: night.time_zone,
            }}
          />
        </div>
      ) : (
        <div className={styles["place"]} />
      )}
      <div className={styles["foot"]}>
        <p className={styles["soft"]}>
          <Trans>
            In bed from {bedTime} to {upTime}
          </Trans>
        </p>
        <a className={styles["more"]} href={routeToPath({ screen: "sleep", sessionId: night.id })} onClick={follow}>
          <Trans>See the night</Trans>
        </a>
      </div>
    </Card>
  );
}

/** "asleep, give or take 40 min; estimated from movement and heart rate" */
export function Origin({ night }: { readonly night: SleepSession }) {
  const { i18n } = useLingui();
  const margin = night.analysis_source === "model" ? marginOf(night.quality, "total_sleep_time_minutes") : null;
  const origin = originInWords(i18n, night);
  const off = margin === null ? null : minutesText(margin);
  return (
    <p className={styles["soft"]}>
      {off === null ? (
        <Trans>asleep, {origin}</Trans>
      ) : (
        <Trans>
          asleep (± {off}), {origin}
        </Trans>
      )}
    </p>
  );
}
