// One ring: the time, its name and instructions, snooze and dismiss; a challenge takes the place of "dismiss" once asked for.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { useAudio } from "../sound/audio";
import { parseOccurrenceId } from "../time/occurrenceId";
import { deviceLocalOf, formatTime } from "../ui/clock";
import { Button } from "../ui/Button";
import { useClockStyle } from "../ui/preferences";
import { toast } from "../ui/toasts";
import { BigTime } from "./BigTime";
import { Challenge } from "./challenges/Challenge";
import { dismissRing, snoozeRing, softenRing, soundNow, tellShown } from "./ringer";
import styles from "./RingingPanel.module.css";
import type { Ring } from "./ringState";
import { useRinger } from "./useRinger";

const LATE_MS = 60_000;
/** A name of more letters is written smaller. */
const LONG = 40;

interface Props {
  readonly ring: Ring;
  readonly others: readonly Ring[];
  readonly id: string;
}

export function RingFace({ ring, others, id }: Props) {
  const { t } = useLingui();
  const clock = useClockStyle();
  const [isSolving, setSolving] = useState(false);
  const { content } = ring;
  useReport(ring);
  useEffect(() => softenRing(isSolving), [isSolving]);

  function snooze(): void {
    snoozeRing(ring);
    if (ring.isTest) return;
    const time = formatTime(deviceLocalOf(Date.now() + content.snoozeMinutes * 60_000), clock);
    toast(t`Snoozed. It rings again at ${time}.`);
  }
  function dismiss(): void {
    if (content.challenge === "none") dismissRing(ring);
    else setSolving(true);
  }
  useKeys(isSolving ? {} : { d: dismiss, ...(content.snoozesLeft > 0 && { s: snooze }) });

  return (
    <div className={styles["face"]} data-solving={isSolving ? "" : undefined}>
      {/* Long instructions scroll, by keyboard too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <header className={styles["top"]} tabIndex={content.instructions ? 0 : undefined}>
        <BigTime />
        <h1 id={`${id}-name`} className={styles["label"]} data-long={content.label.length > LONG ? "" : undefined}>
          {content.label || <Trans>Alarm</Trans>}
        </h1>
        <div id={`${id}-about`} className={styles["about"]}>
          <About ring={ring} />
          {content.instructions ? <p className={styles["instructions"]}>{content.instructions}</p> : null}
        </div>
      </header>
      <SoundNotice ring={ring} />
      <div className={styles["answers"]}>
        {isSolving ? (
          <Challenge kind={content.challenge} onSolved={() => dismissRing(ring)} onBack={() => setSolving(false)} />
        ) : null}
        {content.snoozesLeft > 0 ? (
          <div className={styles["answer"]}>
            <Button
              look={isSolving ? "secondary" : "primary"}
              className={isSolving ? styles["dismiss"] : styles["snooze"]}
              onClick={snooze}
              aria-keyshortcuts="s"
              data-first={isSolving ? undefined : ""}
            >
              <span>
                <Trans>Snooze</Trans>
              </span>
              <span className={styles["minutes"]}>
                <Plural value={content.snoozeMinutes} one="# minute" other="# minutes" />
              </span>
            </Button>
            <p className={styles["left"]}>
              <Plural value={content.snoozesLeft} one="This is the last snooze." other="# snoozes left." />
            </p>
          </div>
        ) : null}
        {isSolving ? null : (
          <Button
            look={content.snoozesLeft > 0 ? "secondary" : "primary"}
            className={content.snoozesLeft > 0 ? styles["dismiss"] : styles["snooze"]}
            onClick={dismiss}
            aria-keyshortcuts="d"
            data-first={content.snoozesLeft > 0 ? undefined : ""}
          >
            {ring.isTest ? <Trans>End the test</Trans> : <Trans>Dismiss</Trans>}
          </Button>
        )}
      </div>
      {others.length > 0 ? <Others rings={others} /> : null}
    </div>
  );
}

function About({ ring }: { readonly ring: Ring }) {
  const clock = useClockStyle();
  const due = formatTime(deviceLocalOf(ring.dueAt), clock);
  if (ring.isTest)
    return (
      <p>
        <Trans>A test. It rings on this device only.</Trans>
      </p>
    );
  if (ring.startedAt - ring.dueAt >= LATE_MS)
    return (
      <p>
        <Trans>It was due at {due}. It rings late, because this device could not ring before.</Trans>
      </p>
    );
  if (ring.dueAt - ring.startedAt >= LATE_MS / 2)
    return (
      <p>
        <Trans>You are awake or sleeping lightly, a good time to get up. Your alarm is for {due}.</Trans>
      </p>
    );
  // At the alarm's own time after an early ring that got no answer, no snooze is over.
  if (ring.ring > 1 && parseOccurrenceId(ring.id)?.atMs !== ring.dueAt)
    return (
      <p>
        <Trans>Your snooze is over.</Trans>
      </p>
    );
  return null;
}

function SoundNotice({ ring }: { readonly ring: Ring }) {
  const sound = useRinger((ringer) => ringer.sound);
  const audio = useAudio((state) => state.state);
  if (ring.isSilent)
    return (
      <p className={styles["notice"]}>
        <Trans>This device is set to stay quiet.</Trans>
      </p>
    );
  if (audio === "unavailable")
    return (
      <p className={styles["notice"]}>
        <Trans>This browser cannot play sound.</Trans>
      </p>
    );
  if (sound === "elsewhere")
    return (
      <p className={styles["notice"]}>
        <Trans>The sound comes from another tab.</Trans>
      </p>
    );
  if (sound !== "locked") return null;
  return (
    <Button look="secondary" isBig className={styles["tap"]} onClick={soundNow}>
      <Trans>Tap for sound</Trans>
    </Button>
  );
}

function Others({ rings }: { readonly rings: readonly Ring[] }) {
  const { t } = useLingui();
  return (
    <section className={styles["others"]} aria-label={t`After this one`}>
      <h2>
        <Trans>After this one</Trans>
      </h2>
      <ul>
        {rings.map((ring) => (
          <li key={ring.id}>
            {ring.content.label || <Trans>Alarm</Trans>}
            {ring.phase === "ringing" ? null : (
              <>
                {" · "}
                <Trans>missed</Trans>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "Shown" is true only when somebody could see it. */
function useReport(ring: Ring): void {
  useEffect(() => {
    const tell = () => {
      if (!document.hidden) tellShown(ring);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [ring]);
}

function useKeys(keys: Readonly<Record<string, (() => void) | undefined>>): void {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof HTMLInputElement) return;
      keys[event.key.toLowerCase()]?.();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}
