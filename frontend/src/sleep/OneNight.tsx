// One night: its picture, its figures with how far off they may be, and what else is known about it.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Refused } from "../api/queries";
import { navigate } from "../app/router";
import { Button, LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { formatDate, formatTime } from "../ui/clock";
import { BackIcon, DownloadIcon, TrashIcon } from "../ui/moreIcons";
import { useNow } from "../ui/now";
import { useClockStyle } from "../ui/preferences";
import { Progress } from "../ui/Progress";
import { Screen } from "../ui/Screen";
import { toast } from "../ui/toasts";
import { fetchNight, useNight } from "./asks";
import { BigDuration } from "./BigDuration";
import { EraseNights } from "./EraseNights";
import { Origin } from "./LastNight";
import { NightChart } from "./NightChart";
import { NightFigures } from "./NightFigures";
import { wallAt } from "./nightClock";
import { OldNews, Unreachable } from "./offline";
import { Rang } from "./Rang";
import { saveJson } from "./saveFile";
import { Signal } from "./Signal";
import styles from "./Sleep.module.css";
import { noteInWords } from "./sourceWords";
import type { WholeNight } from "./types";

export function OneNight({ id }: { readonly id: string }) {
  const { t } = useLingui();
  const clock = useClockStyle();
  const now = useNow(60_000);
  const night = useNight(id);
  const up = night.data ? wallAt(Date.parse(night.data.end), night.data.time_zone) : null;
  const today = wallAt(now, night.data?.time_zone ?? "UTC");
  return (
    <Screen title={up === null ? t`One night` : formatDate(up, clock.locale, today)}>
      <LinkButton look="quiet" href="/sleep" className={styles["start"]}>
        <BackIcon />
        <Trans>Sleep</Trans>
      </LinkButton>
      {night.isPending ? <Progress /> : null}
      {night.error instanceof Refused ? (
        <p>{t`This night is not here. Maybe it was erased, or the address is not whole.`}</p>
      ) : null}
      {night.isError && !(night.error instanceof Refused) ? (
        night.data ? (
          <OldNews loadedAt={night.dataUpdatedAt} onRetry={() => void night.refetch()} />
        ) : (
          <Unreachable onRetry={() => void night.refetch()} />
        )
      ) : null}
      {night.data ? <Whole night={night.data} /> : null}
    </Screen>
  );
}

function Whole({ night }: { readonly night: WholeNight }) {
  const { i18n } = useLingui();
  const clock = useClockStyle();
  const time = (at: string) => formatTime(wallAt(Date.parse(at), night.time_zone), clock);
  const [bed, up] = [time(night.start), time(night.end)];
  const note = noteInWords(i18n, night.quality?.note ?? null);
  return (
    <>
      <Card>
        {night.metrics ? (
          <div>
            <BigDuration minutes={night.metrics.total_sleep_time_minutes} />
            <Origin night={night} />
          </div>
        ) : null}
        {night.state === "recording" ? (
          <p>
            <Trans>This night is still being recorded. Its picture comes in the morning.</Trans>
          </p>
        ) : null}
        <p>
          <Trans>
            In bed from {bed} to {up}
          </Trans>
        </p>
        {note === null ? null : <p className={styles["note"]}>{note}</p>}
        {night.epochs && night.epochs.length > 0 ? <NightChart night={night} epochs={night.epochs} /> : null}
      </Card>
      {night.metrics ? <NightFigures night={night} metrics={night.metrics} /> : null}
      <Rang night={night} />
      {night.analysis_source === "model" ? <Signal night={night} /> : null}
      <About night={night} />
    </>
  );
}

function About({ night }: { readonly night: WholeNight }) {
  const { t } = useLingui();
  const { locale } = useClockStyle();
  const now = useNow(60_000);
  const [isBusy, setBusy] = useState(false);
  const [isErasing, setErasing] = useState(false);
  const zone = night.time_zone;
  const until = formatDate(wallAt(Date.parse(night.kept_until), zone), locale, wallAt(now, zone));
  const model = night.model === null ? null : `${night.model} ${night.version ?? ""}`;

  async function download(): Promise<void> {
    setBusy(true);
    try {
      saveJson(`smart-alarm-night-${night.start.slice(0, 10)}.json`, await fetchNight(night.id, true));
    } catch {
      toast(t`That did not work. Please try again when you are online.`);
    }
    setBusy(false);
  }

  return (
    <Card title={<Trans>About this night’s data</Trans>}>
      <p>
        <Trans>Kept until {until}, then erased by itself.</Trans>{" "}
        {model === null ? null : <Trans>Estimated by the model {model}.</Trans>}
      </p>
      <div className={styles["actions"]}>
        <Button aria-disabled={isBusy} onClick={() => void (isBusy ? null : download())}>
          <DownloadIcon />
          <Trans>Download this night</Trans>
        </Button>
        <Button look="danger" onClick={() => setErasing(true)}>
          <TrashIcon />
          <Trans>Erase this night</Trans>
        </Button>
      </div>
      {isErasing ? (
        <EraseNights id={night.id} onClose={() => setErasing(false)} onErased={() => navigate("/sleep", true)} />
      ) : null}
    </Card>
  );
}
