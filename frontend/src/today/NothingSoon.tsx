// There are alarms, and none of them rings in the next two days.
import { Trans } from "@lingui/react/macro";
import { follow } from "../app/router";
import { Card } from "../ui/Card";

export function NothingSoon() {
  return (
    <Card title={<Trans>Nothing rings in the next two days</Trans>}>
      <p>
        <a href="/alarms" onClick={follow}>
          <Trans>See when each alarm rings next</Trans>
        </a>
      </p>
    </Card>
  );
}
