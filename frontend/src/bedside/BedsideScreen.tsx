// Bedside mode: a clock for the night that will sound. First a word about what it does, and the press that lets it sound.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { startRecording, useRecording } from "../recording/live";
import { unlockAudio } from "../sound/audio";
import { Button, LinkButton } from "../ui/Button";
import { usePreferences } from "../ui/preferences";
import { Screen } from "../ui/Screen";
import styles from "./Bedside.module.css";
import { NightClock } from "./NightClock";
import { NightRecording } from "./NightRecording";
import { RecordCard } from "./RecordCard";
import { useWish } from "./useWish";

export default function BedsideScreen() {
  const { t } = useLingui();
  const [isOn, setOn] = useState(false);
  const wish = useWish();
  const hasConsent = usePreferences().sleep_consent;
  const status = useRecording((recording) => recording.status);
  const isOff = status === "off";
  if (isOn) return <NightClock onExit={() => setOn(false)} />;

  function start(): void {
    void unlockAudio();
    if (wish.isWanted && hasConsent && isOff) void startRecording(); // before anything else uses up the press
    setOn(true);
    // Nice to have: a browser that refuses shows its bars, and nothing is lost.
    if (document.fullscreenEnabled) void document.documentElement.requestFullscreen().catch(() => undefined);
  }

  return (
    <Screen title={t`Bedside`}>
      <p>
        <Trans>Put this device beside your bed and leave this page open. It shows the time and sounds your alarm.</Trans>
      </p>
      <ul className={styles["facts"]}>
        <li>
          <Trans>The screen stays on. It is best to plug the device in.</Trans>
        </li>
        <li>
          <Trans>It also rings without a connection.</Trans>
        </li>
        <li>
          <Trans>
            While it is on, the page plays a tone that nobody can hear. Browsers slow down quiet pages; this keeps the alarm
            on time.
          </Trans>
        </li>
        <li>
          <Trans>Turn up the volume, and turn off silent mode: a web page cannot do that for you.</Trans>
        </li>
      </ul>
      {isOff ? <RecordCard isWanted={wish.isWanted} hasNightToGoOn={wish.hasNightToGoOn} onWant={wish.want} /> : null}
      <NightRecording />
      <div className={styles["start"]}>
        <Button look={status === "ended" ? "secondary" : "primary"} isBig onClick={start}>
          <Trans>Start</Trans>
        </Button>
        <LinkButton look="quiet" href="/">
          <Trans>Back to Today</Trans>
        </LinkButton>
      </div>
    </Screen>
  );
}
