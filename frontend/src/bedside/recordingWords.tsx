// What is said about a recording: that it goes on, what it missed, why it does not.
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Pause } from "../recording/nights";
import type { Problem } from "../recording/view";

export function PauseWords({
  pause,
  from,
  to,
}: {
  readonly pause: Pause;
  readonly from: string;
  readonly to: string;
}): ReactNode {
  switch (pause.reason) {
    case "hidden":
      return (
        <Trans>
          Recording paused from {from} to {to} because the screen was off or something else was open.
        </Trans>
      );
    case "closed":
      return (
        <Trans>
          Recording paused from {from} to {to} because the page was closed.
        </Trans>
      );
    case "silent":
      return (
        <Trans>
          Recording paused from {from} to {to} because the sensor said nothing.
        </Trans>
      );
  }
}

export function ProblemWords({ problem }: { readonly problem: Problem }): ReactNode {
  switch (problem) {
    case "unsupported":
      return <Trans>This browser cannot feel movement here, so sleep is not recorded. Your alarm rings all the same.</Trans>;
    case "denied":
      return (
        <Trans>
          This page may not feel movement, so sleep is not recorded. You can allow it in the browser's settings. Your alarm
          rings all the same.
        </Trans>
      );
    case "no_samples":
      return (
        <Trans>
          No movement data comes from this device, so sleep is not recorded. Computers have no such sensor; a phone has. Your
          alarm rings all the same.
        </Trans>
      );
    case "other_tab":
      return <Trans>Another tab of this browser is recording already.</Trans>;
    case "overlapping":
      return <Trans>Another device is recording this night already, so this one does not.</Trans>;
    case "no_consent":
      return <Trans>Recording sleep was turned off in the settings, so this night is not recorded.</Trans>;
    case "switched_off":
      return <Trans>This server does not record sleep. Your alarm rings all the same.</Trans>;
    case "gone":
      return <Trans>This night was deleted, so it is not recorded any more.</Trans>;
    case "refused":
    case "failed":
      return <Trans>The recording stopped. It is not your fault, and your alarm rings all the same.</Trans>;
  }
}
