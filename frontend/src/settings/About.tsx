// What this is: the version, and what it promises.
import { Trans } from "@lingui/react/macro";
import { install, useInstall } from "../app/install";
import { startNewVersion, useWorker } from "../push/registration";
import { Button } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { version } from "../../package.json";
import styles from "./Settings.module.css";

export function About() {
  const offer = useInstall((state) => state.offer);
  const isUpdateReady = useWorker((worker) => worker.isUpdateReady);
  return (
    <Card title={<Trans>About</Trans>}>
      <p>
        <Trans>Smart Alarm is free and open source. Your data stay on the server you chose and on your devices.</Trans>
      </p>
      <Rows>
        <Row
          title={<Trans>Version</Trans>}
          end={
            isUpdateReady ? (
              <Button onClick={() => void startNewVersion()}>
                <Trans>Start the new version</Trans>
              </Button>
            ) : (
              version
            )
          }
        />
        <Row
          title={<Trans>For programs</Trans>}
          end={
            <a href="/api/v1/docs">
              <Trans>Interface (API)</Trans>
            </a>
          }
        />
      </Rows>
      {offer ? (
        <div className={styles["actions"]}>
          <Button onClick={() => void install()}>
            <Trans>Install the app on this device</Trans>
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
