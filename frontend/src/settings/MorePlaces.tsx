// Places that the navigation has no room for, on a phone or in simple mode: they are found here.
import { Trans } from "@lingui/react/macro";
import { Card, Row, Rows } from "../ui/Card";
import { BedsideIcon, DevicesIcon, HistoryIcon, SleepIcon } from "../ui/icons";
import { useIsSimplified } from "../ui/preferences";
import styles from "./Settings.module.css";

export function MorePlaces() {
  const isSimplified = useIsSimplified();
  return (
    <Card className={isSimplified ? undefined : styles["onPhones"]} title={<Trans>More</Trans>}>
      <Rows>
        <Row href="/bedside" icon={<BedsideIcon />} title={<Trans>Bedside</Trans>} />
        <Row href="/devices" icon={<DevicesIcon />} title={<Trans>Devices</Trans>} />
        {isSimplified ? (
          <>
            <Row href="/sleep" icon={<SleepIcon />} title={<Trans>Sleep</Trans>} />
            <Row href="/history" icon={<HistoryIcon />} title={<Trans>History</Trans>} />
          </>
        ) : null}
      </Rows>
    </Card>
  );
}
