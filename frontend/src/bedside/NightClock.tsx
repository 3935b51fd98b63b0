// The clock for the night: large, as dim as one likes, awake, with sound ready, and honest about what it will do.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState, type ReactNode } from "react";
import { useAll, useSyncState } from "../replica/hooks";
import { BigTime } from "../ringing/BigTime";
import { roleOf } from "../ringing/due";
import { soundNow } from "../ringing/ringer";
import { useRinger } from "../ringing/useRinger";
import { keepAwake } from "../ringing/wakeLock";
import { ownDeviceId } from "../session/session";
import { useAudio } from "../sound/audio";
import { keepAlive } from "../sound/keepAlive";
import { Button } from "../ui/Button";
import { deviceLocalOf, formatTime } from "../ui/clock";
import { useNow } from "../ui/now";
import { useClockStyle } from "../ui/preferences";
import styles from "./Bedside.module.css";
import { NightRecording } from "./NightRecording";
import { NightWarnings } from "./NightWarnings";
import { useBattery } from "./useBattery";
import { burnInShift, judgeNight, type Verdict } from "./verdict";

const DIMMEST = 15;
const FIRST_BRIGHTNESS = 80;

export function NightClock({ onExit }: { readonly onExit: () => void }) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const [brightness, setBrightness] = useState(FIRST_BRIGHTNESS);
  const isScreenKeptOn = useAwake();
  useTimersOnTime();
  const next = useRinger((ringer) => ringer.next);
  const audio = useAudio((state) => state.state);
  const battery = useBattery();
  const { clockOffsetMs } = useSyncState();
  const role = useRole();
  const { verdict, warnings } = judgeNight({
    nextAt: next?.ringAt ?? null,
    audio,
    role,
    battery,
    clockOffsetMs,
    isScreenKeptOn,
  });
  const shift = burnInShift(now);

  useEffect(() => {
    document.title = `${t`Bedside`} · Smart Alarm`;
  }, [t]);
  useEffect(() => {
    // Leaving the page by any way leaves the full screen too.
    return () => {
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    };
  }, []);

  return (
    <main id="main" className={styles["night"]}>
      <h1 className="visually-hidden">
        <Trans>Bedside clock</Trans>
      </h1>
      <div
        className={styles["clock"]}
        style={{ opacity: brightness / 100, translate: `${String(shift.x)}px ${String(shift.y)}px` }}
      >
        <BigTime />
        <p className={styles["verdict"]} role="status">
          <VerdictText verdict={verdict} at={next?.ringAt ?? null} />
        </p>
        {next && verdict === "will_sound" ? <p className={styles["label"]}>{next.content.label}</p> : null}
      </div>
      <NightWarnings warnings={warnings} battery={battery} clockOffsetMs={clockOffsetMs} onSound={soundNow} />
      <div style={{ opacity: Math.max(0.5, brightness / 100) }}>
        <NightRecording />
      </div>
      <div className={styles["controls"]} style={{ opacity: Math.max(0.5, brightness / 100) }}>
        <label className={styles["dim"]}>
          <Trans>Brightness</Trans>
          <input
            type="range"
            min={DIMMEST}
            max={100}
            step={5}
            value={brightness}
            onChange={(event) => setBrightness(event.target.valueAsNumber)}
          />
        </label>
        <Button className={styles["exit"]} onClick={onExit}>
          <Trans>Leave bedside mode</Trans>
        </Button>
      </div>
    </main>
  );
}

function VerdictText({ verdict, at }: { readonly verdict: Verdict; readonly at: number | null }): ReactNode {
  const clock = useClockStyle();
  const time = at === null ? "" : formatTime(deviceLocalOf(at), clock);
  switch (verdict) {
    case "will_sound":
      return <Trans>This device will sound at {time} while this page stays open.</Trans>;
    case "will_not_sound":
      return <Trans>This device will not sound yet.</Trans>;
    case "nothing_to_ring":
      return <Trans>No alarm in the next 24 hours.</Trans>;
  }
}

function useAwake(): boolean {
  const [isHeld, setHeld] = useState(true); // until the browser says no: no warning flashes by
  useEffect(() => keepAwake(setHeld), []);
  return isHeld;
}

/** Sounds, unheard, while the clock is on; begins as soon as the browser lets it. */
function useTimersOnTime(): void {
  const isUnlocked = useAudio((audio) => audio.state === "unlocked");
  useEffect(() => {
    if (!isUnlocked) return;
    let isGone = false;
    let stop: (() => void) | null = null;
    void keepAlive().then((started) => {
      stop = started;
      if (isGone) stop?.();
    });
    return () => {
      isGone = true;
      stop?.();
    };
  }, [isUnlocked]);
}

function useRole() {
  const devices = useAll("device");
  const [id, setId] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    void ownDeviceId().then((found) => {
      if (!isGone) setId(found);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return roleOf(devices ?? [], id);
}
