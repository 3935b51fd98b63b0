// Shaking the phone. Where there is no sensor, or no leave to read it, this says so; the other way is right below.
import { Trans } from "@lingui/react/macro";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "../../ui/Button";
import { feelMotion, SHAKES, STILL } from "./puzzles";
import styles from "./Challenge.module.css";

/** Safari asks first, and only from a press. */
interface Asking {
  readonly requestPermission?: () => Promise<"granted" | "denied">;
}
type Leave = "granted" | "to_ask" | "none";

/** A desktop browser has the event, and never sends a reading. */
const NO_SENSOR_AFTER_MS = 3_000;

export function ShakeChallenge({ onSolved }: { readonly onSolved: () => void }) {
  const [leave, setLeave] = useState<Leave>(firstLeave);
  const [shaking, setShaking] = useState(STILL);
  const solved = useEffectEvent(onSolved);
  useEffect(() => {
    if (leave !== "granted") return;
    let felt = STILL;
    const noSensor = setTimeout(() => setLeave("none"), NO_SENSOR_AFTER_MS);
    const feel = (event: DeviceMotionEvent) => {
      const reading = event.accelerationIncludingGravity ?? event.acceleration;
      if (reading?.x == null || reading.y == null || reading.z == null) return;
      clearTimeout(noSensor);
      felt = feelMotion(felt, [reading.x, reading.y, reading.z], event.timeStamp);
      setShaking(felt);
      if (felt.count >= SHAKES) solved();
    };
    addEventListener("devicemotion", feel);
    return () => {
      clearTimeout(noSensor);
      removeEventListener("devicemotion", feel);
    };
  }, [leave]);

  async function ask(): Promise<void> {
    const answer = await (DeviceMotionEvent as Asking).requestPermission?.().catch(() => "denied" as const);
    setLeave(answer === "granted" ? "granted" : "none");
  }

  return (
    <>
      <h2>
        <Trans>Shake this phone to stop the alarm</Trans>
      </h2>
      {leave === "to_ask" ? (
        <Button look="primary" isBig onClick={() => void ask()}>
          <Trans>Start</Trans>
        </Button>
      ) : leave === "none" ? (
        <p>
          <Trans>This device cannot feel shaking. Use the button below.</Trans>
        </p>
      ) : (
        <progress className={styles["progress"]} max={SHAKES} value={shaking.count}>
          {shaking.count}
        </progress>
      )}
    </>
  );
}

function firstLeave(): Leave {
  if (typeof DeviceMotionEvent === "undefined") return "none";
  return (DeviceMotionEvent as Asking).requestPermission ? "to_ask" : "granted";
}
