// What was looked at for the verdict, one line each.
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { isAppleTouch } from "../app/install";
import type { VerdictFacts } from "../push/verdict";
import { WarningIcon } from "../ui/icons";
import { CheckIcon, InfoIcon } from "../ui/moreIcons";
import styles from "./Devices.module.css";

type Mark = "good" | "open" | "bad";

export function Checks({ facts }: { readonly facts: VerdictFacts }) {
  const { t } = useLingui();
  const { permission, support, endpoint, serverEndpoint, lastTest, audio, clockOffsetMs } = facts;
  const isSubscribed = endpoint !== null && endpoint === serverEndpoint;
  const test = lastTest?.endpoint === endpoint ? lastTest : null;
  const latency = Math.round(test?.latencyMs ?? 0);
  const seconds = Math.round(Math.abs(clockOffsetMs ?? 0) / 1000);
  const isClockFine = Math.abs(clockOffsetMs ?? 0) < 2_000;
  return (
    <details className={styles["checks"]}>
      <summary>
        <Trans>What was checked</Trans>
      </summary>
      <ul>
        {isAppleTouch() ? (
          <Check mark={support === "home_screen" ? "bad" : "good"}>
            {support === "home_screen" ? t`Not opened from the home screen` : t`Opened from the home screen`}
          </Check>
        ) : null}
        <Check mark={permission === "granted" ? "good" : permission === "denied" ? "bad" : "open"}>
          {permission === "granted" ? t`Notifications are allowed` : null}
          {permission === "denied" ? t`Notifications are blocked` : null}
          {permission === "default" ? t`Notifications were not asked for yet` : null}
        </Check>
        <Check mark={isSubscribed ? "good" : endpoint === null ? "open" : "bad"}>
          {isSubscribed ? t`The server knows the way to this device` : t`The server has no way to this device yet`}
        </Check>
        <Check mark={test === null ? "open" : test.latencyMs === null ? "bad" : "good"}>
          {test === null ? t`No test was sent yet` : null}
          {test?.latencyMs === null ? t`The last test did not arrive` : null}
          {test && test.latencyMs !== null ? t`The last test was shown after ${latency} ms` : null}
        </Check>
        <Check mark={audio === "unlocked" ? "good" : "open"}>
          {audio === "unlocked" ? t`This page may play sound` : null}
          {audio === "locked" ? t`Sound starts after you touch this page once` : null}
          {audio === "unavailable" ? t`This browser cannot play alarm sounds` : null}
        </Check>
        <Check mark={clockOffsetMs === null ? "open" : isClockFine ? "good" : "open"}>
          {clockOffsetMs === null ? t`The clock was not compared yet` : null}
          {clockOffsetMs !== null && isClockFine ? t`The clock is right` : null}
          {clockOffsetMs !== null && !isClockFine ? t`The clock is ${seconds} s off; alarms are corrected for it` : null}
        </Check>
      </ul>
    </details>
  );
}

function Check({ mark, children }: { readonly mark: Mark; readonly children: ReactNode }) {
  const Icon = { good: CheckIcon, open: InfoIcon, bad: WarningIcon }[mark];
  return (
    <li data-mark={mark}>
      <Icon />
      <span>{children}</span>
    </li>
  );
}
