// The address of one ring, opened from its notification. What rings shows itself over this; here is what is said when it does not.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { navigate } from "../app/router";
import { useOne } from "../replica/hooks";
import type { OccurrenceFields } from "../replica/types";
import { LinkButton } from "../ui/Button";
import { deviceLocalOf, formatTime } from "../ui/clock";
import { useClockStyle } from "../ui/preferences";
import { Screen } from "../ui/Screen";
import { openRing } from "./ringer";
import { useRinger } from "./useRinger";

export default function RingingScreen({ occurrenceId }: { readonly occurrenceId: string }) {
  const { t } = useLingui();
  const occurrence = useOne("occurrence", occurrenceId);
  const isStarted = useRinger((ringer) => ringer.isStarted);
  const isShown = useRinger((ringer) => ringer.rings.some((ring) => ring.id === occurrenceId));
  const wasShown = useRef(false);
  useEffect(() => {
    if (isStarted && occurrence) openRing(occurrence);
  }, [isStarted, occurrence]);
  useEffect(() => {
    // Answered: there is nothing more to do here.
    if (wasShown.current && !isShown) navigate("/", true);
    wasShown.current = isShown;
  }, [isShown]);

  const fields = occurrence?.fields;
  return (
    <Screen title={fields?.label ?? t`Alarm`}>
      <p>
        <Standing fields={fields} />
      </p>
      <p>
        <LinkButton look="primary" isBig href="/">
          <Trans>Go to Today</Trans>
        </LinkButton>
      </p>
    </Screen>
  );
}

function Standing({ fields }: { readonly fields: OccurrenceFields | undefined }) {
  const clock = useClockStyle();
  if (!fields) return <Trans>This device does not know this ring yet.</Trans>;
  switch (fields.state) {
    case "pending":
      return <Trans>It is not ringing yet.</Trans>;
    case "ringing":
      return <Trans>It is ringing.</Trans>;
    case "snoozed": {
      const time = fields.snoozed_until ? formatTime(deviceLocalOf(Date.parse(fields.snoozed_until)), clock) : "";
      return <Trans>Snoozed. It rings again at {time}.</Trans>;
    }
    case "dismissed":
      return <Trans>It was dismissed.</Trans>;
    case "missed":
      return <Trans>It rang, and nobody answered.</Trans>;
    case "skipped":
      return <Trans>It was skipped.</Trans>;
  }
}
