// A quiet offer to put the app on the home screen: after the first alarm, until it is taken or declined.
import { Trans, useLingui } from "@lingui/react/macro";
import { useAll } from "../replica/hooks";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { decline, install, isAppleTouch, useInstall } from "./install";
import styles from "./InstallCard.module.css";

export default function InstallCard() {
  const { t } = useLingui();
  const { offer, isInstalled, isDeclined } = useInstall();
  const hasAlarm = (useAll("alarm")?.length ?? 0) > 0;
  const isApple = isAppleTouch();
  if (isInstalled || isDeclined !== false || !hasAlarm || !(offer ?? isApple)) return null;
  return (
    <aside className={styles["aside"]} aria-label={t`Install the app`}>
      <Card title={<Trans>Keep Smart Alarm at hand</Trans>}>
        {offer ? (
          <p>
            <Trans>Install it, and it opens from your home screen like any other app. It takes hardly any space.</Trans>
          </p>
        ) : (
          <>
            <p>
              <Trans>On this device, notifications come only when the app is on the home screen.</Trans>
            </p>
            <ol className={styles["steps"]}>
              <li>
                <Trans>Press the Share button of the browser.</Trans>
              </li>
              <li>
                <Trans>Choose “Add to Home Screen”.</Trans>
              </li>
              <li>
                <Trans>Open Smart Alarm from there and allow notifications.</Trans>
              </li>
            </ol>
          </>
        )}
        <div className={styles["answers"]}>
          {offer ? (
            <Button onClick={() => void install()}>
              <Trans>Install</Trans>
            </Button>
          ) : null}
          <Button look="quiet" onClick={decline}>
            <Trans>Not now</Trans>
          </Button>
        </div>
      </Card>
    </aside>
  );
}
