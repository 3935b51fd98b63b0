// The one next step of a device, and what it does until then, in plain words.
import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import type { Step, VerdictFacts } from "../push/verdict";

export function useStepWords(): (step: Step) => string {
  const { t } = useLingui();
  return useCallback(
    (step: Step) => {
      switch (step) {
        case "role":
          return t`This device is set to never ring. Choose “Always” to change that.`;
        case "https":
          return t`This address has no HTTPS, so notifications cannot work here.`;
        case "home_screen":
          return t`Put Smart Alarm on the home screen: press Share, then “Add to Home Screen”. Then open it from there.`;
        case "other_browser":
          return t`This browser cannot get notifications. Chrome, Edge, Firefox or Safari can.`;
        case "unblock":
          return t`Notifications are blocked here. Allow them in the browser’s settings for this site.`;
        case "allow":
          return t`Turn on notifications, so that alarms reach you when the app is closed.`;
        case "subscribe":
          return t`Notifications are allowed, but do not reach this device now. Turn them on.`;
        case "test":
          return t`Send a test to be sure that notifications arrive.`;
        case "test_again":
          return t`The last test did not arrive. Check that this device is online and not in a silent mode, then test again.`;
        case "clock":
          return t`The clock of this device is off. Alarms ring on time all the same; set the time to automatic.`;
      }
    },
    [t],
  );
}

/** What is to be expected of a page that nothing but its own clock makes ring. */
export function useShownHereWords(): (audio: VerdictFacts["audio"]) => string {
  const { t } = useLingui();
  return useCallback(
    (audio: VerdictFacts["audio"]) =>
      audio === "unavailable"
        ? t`Alarms show here while this page is open, without sound.`
        : t`Alarms show here while this page is open. Tap once for sound.`,
    [t],
  );
}
