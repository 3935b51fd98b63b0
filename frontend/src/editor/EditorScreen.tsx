// Making or changing an alarm: finds the alarm, then hands it to the editor.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useClock } from "../alarms/useClock";
import { useAll, useSyncState } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { AlarmFields } from "../replica/types";
import { LinkButton } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlarmIcon } from "../ui/icons";
import { Screen } from "../ui/Screen";
import { blankFields } from "./draft";
import { Editor } from "./Editor";
import { takeLeftBehind } from "./leftBehind";

export default function EditorScreen({ alarmId }: { readonly alarmId: string | null }) {
  const { t } = useLingui();
  const clock = useClock();
  const alarms = useAll("alarm");
  const pulledAt = useSyncState().pulledAt;
  const [fromId] = useState(() => (alarmId === null ? new URLSearchParams(location.search).get("from") : null));
  const [initial] = useState(() => takeLeftBehind(alarmId));
  // The alarm that a new one starts from stays as it was when the editor opened.
  const [blank] = useState(() => blankFields(clock.local(replica.now())));
  const title = alarmId === null ? t`New alarm` : t`Change alarm`;

  const sourceId = alarmId ?? fromId;
  const source = sourceId === null ? undefined : alarms?.find((alarm) => alarm.id === sourceId);
  // Deleted elsewhere while it is open here: what is being typed stays, and Save brings it back.
  const [kept, setKept] = useState<AlarmFields | null>(null);
  if (alarmId !== null && source && source.fields !== kept) setKept(source.fields);
  const isGone = alarmId !== null && source === undefined && kept !== null;
  if (alarms === null || (alarmId !== null && source === undefined && !isGone && pulledAt === null)) {
    return <Screen title={title}>{null}</Screen>;
  }
  if (alarmId !== null && source === undefined && kept === null) {
    return (
      <Screen title={title}>
        <EmptyState
          icon={<AlarmIcon />}
          title={<Trans>This alarm is not here</Trans>}
          action={
            <LinkButton look="primary" href="/alarms">
              <Trans>See all alarms</Trans>
            </LinkButton>
          }
        >
          <Trans>It may have been deleted on another device.</Trans>
        </EmptyState>
      </Screen>
    );
  }
  return (
    <Screen title={title}>
      <Editor
        alarmId={alarmId}
        before={alarmId === null && source ? { ...source.fields, enabled: true } : (source?.fields ?? kept ?? blank)}
        isBlank={source === undefined && !isGone}
        isGone={isGone}
        initial={initial}
      />
    </Screen>
  );
}
