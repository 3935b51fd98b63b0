// There are alarms, and none of them rings in the next two days: the next one after that, as soon as it is worked out.
import { Trans } from "@lingui/react/macro";
import { useClock } from "../alarms/useClock";
import { useNextRings } from "../alarms/useNextRings";
import { wallOf } from "../alarms/wall";
import { follow, routeToPath } from "../app/router";
import type { Shown } from "../replica/types";
import { Card } from "../ui/Card";

interface Props {
  readonly alarms: readonly Shown<"alarm">[];
  readonly now: number;
}

export function NothingSoon({ alarms, now }: Props) {
  const clock = useClock();
  const nextRings = useNextRings(alarms, clock, now);
  const [next] = alarms
    .flatMap((alarm) => {
      const ring = nextRings.get(alarm.id);
      return ring?.type === "rings" ? [{ alarm, ...ring }] : [];
    })
    .sort((one, other) => one.atMs - other.atMs);
  const here = next && wallOf({ ...next, zone: next.alarm.fields.time_zone }, clock).here;
  const day = here && clock.day(here, now);
  const time = here && clock.time(here);
  const label = next?.alarm.fields.label;
  return (
    <Card title={<Trans>Nothing rings in the next two days</Trans>}>
      {next ? (
        <p>
          <Trans>
            After that: {day} at {time},{" "}
            <a href={routeToPath({ screen: "editor", alarmId: next.alarm.id })} onClick={follow}>
              {label}
            </a>
          </Trans>
        </p>
      ) : null}
      <p>
        <a href="/alarms" onClick={follow}>
          <Trans>See all alarms</Trans>
        </a>
      </p>
    </Card>
  );
}
