// In simple mode the navigation has three places: the others are found here.
import { Trans } from "@lingui/react/macro";
import { Card, Row, Rows } from "../ui/Card";
import { BedsideIcon, DevicesIcon, HistoryIcon } from "../ui/icons";

export function MorePlaces() {
  return (
    <Card title={<Trans>More</Trans>}>
      <Rows>
        <Row href="/bedside" icon={<BedsideIcon />} title={<Trans>Bedside</Trans>} />
        <Row href="/devices" icon={<DevicesIcon />} title={<Trans>Devices</Trans>} />
        <Row href="/history" icon={<HistoryIcon />} title={<Trans>History</Trans>} />
      </Rows>
    </Card>
  );
}
