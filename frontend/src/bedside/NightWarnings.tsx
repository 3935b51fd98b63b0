// What stands in the way of a good night, each with what to do about it.
import { Trans, useLingui } from "@lingui/react/macro";
import { LinkButton, Button } from "../ui/Button";
import styles from "./Bedside.module.css";
import type { Battery } from "./useBattery";
import type { Warning } from "./verdict";

interface Props {
  readonly warnings: readonly Warning[];
  readonly battery: Battery | null;
  readonly clockOffsetMs: number | null;
  readonly onSound: () => void;
}

export function NightWarnings({ warnings, battery, clockOffsetMs, onSound }: Props) {
  const { t } = useLingui();
  if (warnings.length === 0) return null;
  return (
    <ul className={styles["warnings"]} aria-label={t`Good to know`}>
      {warnings.map((warning) => (
        <li key={warning}>
          <WarningText warning={warning} battery={battery} clockOffsetMs={clockOffsetMs} onSound={onSound} />
        </li>
      ))}
    </ul>
  );
}

function WarningText({ warning, battery, clockOffsetMs, onSound }: Omit<Props, "warnings"> & { readonly warning: Warning }) {
  const { i18n } = useLingui();
  switch (warning) {
    case "audio_locked":
      return (
        <Button look="primary" isBig onClick={onSound}>
          <Trans>Tap to allow sound</Trans>
        </Button>
      );
    case "audio_unavailable":
      return <Trans>This browser cannot play sound.</Trans>;
    case "never_rings":
      return (
        <>
          <Trans>You chose that this device never rings.</Trans>{" "}
          <LinkButton look="quiet" href="/devices">
            <Trans>Change it in Devices</Trans>
          </LinkButton>
        </>
      );
    case "battery_low": {
      const level = new Intl.NumberFormat(i18n.locale, { style: "percent" }).format(battery?.level ?? 0);
      return <Trans>The battery is at {level} and not charging. Plug the device in.</Trans>;
    }
    case "screen_may_sleep":
      return <Trans>The browser does not keep the screen on. Set the screen to stay on in the system's settings.</Trans>;
    case "clock_off": {
      const seconds = new Intl.NumberFormat(i18n.locale, { style: "unit", unit: "second", unitDisplay: "long" }).format(
        Math.round(Math.abs(clockOffsetMs ?? 0) / 1000),
      );
      return <Trans>This device's clock is off by {seconds}. The alarm goes by the right time all the same.</Trans>;
    }
  }
}
