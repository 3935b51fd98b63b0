// What a web app cannot do, said plainly, and what to do instead.
import { Trans } from "@lingui/react/macro";
import { LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { BedsideIcon } from "../ui/icons";
import styles from "./Devices.module.css";

export function GoodToKnow() {
  return (
    <Card title={<Trans>Good to know</Trans>}>
      <ul className={styles["facts"]}>
        <li>
          <Trans>
            When the app is closed, an alarm comes as a notification with the device’s own sound, not the alarm’s.
          </Trans>
        </li>
        <li>
          <Trans>
            A web app cannot get past silent mode or Do Not Disturb. Allow Smart Alarm there, or turn them off for the night.
          </Trans>
        </li>
        <li>
          <Trans>On iPhone and iPad it works from the home screen only, and notifications have no Snooze button.</Trans>
        </li>
        <li>
          <Trans>To hear the alarm itself, leave bedside mode open on a device that is charging.</Trans>
        </li>
      </ul>
      <LinkButton href="/bedside" className={styles["leave"]}>
        <BedsideIcon />
        <Trans>Open bedside mode</Trans>
      </LinkButton>
    </Card>
  );
}
