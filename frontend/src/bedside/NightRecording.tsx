// The recording on the bedside clock: since when, what was missed, and "I'm up" when the night is over.
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useAll } from "../replica/hooks";
import { finishRecording, putRecordingAway, useRecording } from "../recording/live";
import type { Recording } from "../recording/view";
import { Button, LinkButton } from "../ui/Button";
import { deviceLocalOf, formatTime } from "../ui/clock";
import { useClockStyle } from "../ui/preferences";
import styles from "./Bedside.module.css";
import { dismissedSince } from "./dismissed";
import { PauseWords, ProblemWords } from "./recordingWords";

/** Shorter ones are no news to anybody. */
const WORTH_SAYING_MS = 60_000;

export function NightRecording() {
  const recording = useRecording();
  switch (recording.status) {
    case "off":
      if (recording.problem === null) return null;
      return (
        <div className={styles["recording"]} role="status">
          <p>
            <ProblemWords problem={recording.problem} />
          </p>
          <Button look="quiet" onClick={putRecordingAway}>
            <Trans>OK</Trans>
          </Button>
        </div>
      );
    case "starting":
      return (
        <p className={styles["recording"]} role="status">
          <Trans>Looking for movement data…</Trans>
        </p>
      );
    case "recording":
      return <Going recording={recording} />;
    case "ended":
      return <Ended recording={recording} />;
  }
}

function Going({ recording }: { readonly recording: Extract<Recording, { status: "recording" }> }) {
  const time = useTime();
  const [left, setLeft] = useState(0);
  const dismissed = dismissedSince(useAll("occurrence") ?? [], recording.startAt);
  const isMorning = dismissed > left;
  const pause = recording.pauses.filter(({ from, to }) => to - from >= WORTH_SAYING_MS).at(-1);
  const since = time(recording.startAt);
  return (
    <div className={styles["recording"]}>
      <div role="status">
        {isMorning ? (
          <p className={styles["verdict"]}>
            <Trans>Good morning. Are you up?</Trans>
          </p>
        ) : (
          <p>
            <Trans>Recording your sleep since {since}.</Trans>
          </p>
        )}
        {recording.silentSince === null ? null : <Silent since={time(recording.silentSince)} />}
        {pause && recording.silentSince === null ? (
          <p className={styles["label"]}>
            <PauseWords pause={pause} from={time(pause.from)} to={time(pause.to)} />
          </p>
        ) : null}
      </div>
      {recording.countedAt === null ? null : <Counted at={time(recording.countedAt)} />}
      <div className={styles["answers"]}>
        <Button look={isMorning ? "primary" : "secondary"} isBig={isMorning} onClick={() => void finishRecording()}>
          <Trans>I'm up</Trans>
        </Button>
        {isMorning ? (
          <Button look="quiet" onClick={() => setLeft(dismissed)}>
            <Trans>Not yet, keep recording</Trans>
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Silent({ since }: { readonly since: string }) {
  return (
    <p>
      <Trans>No movement data since {since}. Keep this page open and the screen on.</Trans>
    </p>
  );
}

function Counted({ at }: { readonly at: string }) {
  return (
    <p className={styles["label"]}>
      <Trans>Counted until {at}</Trans>
    </p>
  );
}

function Ended({ recording }: { readonly recording: Extract<Recording, { status: "ended" }> }) {
  const time = useTime();
  const [from, to] = [time(recording.startAt), time(recording.endAt)];
  return (
    <div className={styles["recording"]}>
      <div role="status">
        <p className={styles["verdict"]}>
          <Trans>
            Recorded from {from} to {to}.
          </Trans>
        </p>
        <p>
          {recording.isSent === null ? (
            <Trans>Saving your night…</Trans>
          ) : recording.isSent ? (
            <Trans>Your night is saved.</Trans>
          ) : (
            <Trans>It is kept on this device and sent when there is a connection.</Trans>
          )}
        </p>
      </div>
      <div className={styles["answers"]}>
        {recording.isSent ? (
          <LinkButton look="primary" isBig href={`/sleep/${encodeURIComponent(recording.id)}`}>
            <Trans>See my night</Trans>
          </LinkButton>
        ) : null}
        <Button look="quiet" onClick={putRecordingAway}>
          <Trans>OK</Trans>
        </Button>
      </div>
    </div>
  );
}

function useTime(): (at: number) => string {
  const clock = useClockStyle();
  return (at) => formatTime(deviceLocalOf(at), clock);
}
