// The time of a ring in the zone that its alarm keeps: "07:14 in Tokyo".
import { Trans } from "@lingui/react/macro";
import { useClock } from "../alarms/useClock";
import type { Wall } from "../alarms/wall";

export function There({ local, city }: NonNullable<Wall["there"]>) {
  const time = useClock().time(local);
  return (
    <Trans>
      {time} in {city}
    </Trans>
  );
}
