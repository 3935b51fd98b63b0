// Devices: whether this one will ring and the one thing to do about it, then the others.
import { Trans, useLingui } from "@lingui/react/macro";
import { Queries } from "../api/queries";
import { useAll } from "../replica/hooks";
import { InsecureOrigin } from "../app/InsecureOrigin";
import { useFacts } from "../push/facts";
import { Progress } from "../ui/Progress";
import { Screen } from "../ui/Screen";
import styles from "./Devices.module.css";
import { GoodToKnow } from "./GoodToKnow";
import { OtherDevice } from "./OtherDevice";
import { ThisDevice } from "./ThisDevice";
import { useDeviceViews } from "./useDeviceViews";

export default function DevicesScreen() {
  const { t } = useLingui();
  return (
    <Screen title={t`Devices`}>
      <Queries>
        <Devices />
      </Queries>
    </Screen>
  );
}

function Devices() {
  const devices = useAll("device");
  const ownId = useFacts((facts) => facts.deviceId);
  const { views, isStale } = useDeviceViews((devices ?? []).map((device) => device.id));
  if (devices === null) return <Progress />;
  const others = devices.filter((device) => device.id !== ownId);
  return (
    <>
      <InsecureOrigin />
      <ThisDevice view={ownId === null ? undefined : views?.get(ownId)} />
      <section className={styles["section"]} aria-labelledby="others">
        <h2 id="others">
          <Trans>Your other devices</Trans>
        </h2>
        {isStale ? (
          <p className={styles["soft"]}>
            <Trans>You are offline. How they are doing is shown when you are back.</Trans>
          </p>
        ) : null}
        {others.length === 0 && isStale ? null : others.length === 0 ? (
          <p className={styles["soft"]}>
            <Trans>None yet. Sign in on a phone or tablet too: if one stays quiet, another one rings.</Trans>
          </p>
        ) : (
          <ul className={styles["list"]}>
            {others.map((device) => (
              <OtherDevice key={device.id} device={device} view={views?.get(device.id)} />
            ))}
          </ul>
        )}
      </section>
      <GoodToKnow />
    </>
  );
}
