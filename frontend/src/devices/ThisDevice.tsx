// This device: the verdict, the one next step, the test, what was checked, and its role.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { DeviceView } from "../api/types";
import { useOwnDevice, type OwnDevice } from "../push/readiness";
import { useOne } from "../replica/hooks";
import { PendingBadge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { BellIcon, BellOffIcon, EditIcon, SoundIcon } from "../ui/moreIcons";
import { Progress } from "../ui/Progress";
import { Checks } from "./Checks";
import styles from "./Devices.module.css";
import { NextStep } from "./NextStep";
import { RenameDialog } from "./RenameDialog";
import { RoleChoice } from "./RoleChoice";
import { useShownHereWords } from "./stepWords";

export function ThisDevice({ view }: { readonly view: DeviceView | undefined }) {
  const { t } = useLingui();
  const own = useOwnDevice(view?.health ?? null);
  const device = useOne("device", own?.deviceId ?? "");
  const [isRenaming, setIsRenaming] = useState(false);
  if (own === null) return <Progress />;
  const name = device?.fields.name ?? "";
  return (
    <Card
      title={<Trans>This device</Trans>}
      action={
        device ? (
          <Button look="quiet" onClick={() => setIsRenaming(true)} aria-label={t`Rename ${name}`}>
            <EditIcon />
          </Button>
        ) : null
      }
    >
      <p className={styles["own"]}>
        {name} {device?.isPending ? <PendingBadge /> : null}
      </p>
      <VerdictLine own={own} isPushed={isPushed(own)} />
      <NextStep own={own} />
      <Checks facts={own.facts} />
      {device ? <RoleChoice device={device} isOwn /> : null}
      {isRenaming && device ? <RenameDialog device={device} onClose={() => setIsRenaming(false)} /> : null}
    </Card>
  );
}

function isPushed({ facts }: OwnDevice): boolean {
  return facts.endpoint !== null && facts.endpoint === facts.serverEndpoint && facts.permission === "granted";
}

function VerdictLine({ own, isPushed }: { readonly own: OwnDevice; readonly isPushed: boolean }) {
  const { verdict, facts } = own;
  const shownHereWords = useShownHereWords();
  const Icon = { will_sound: SoundIcon, will_notify: BellIcon, will_show: BellIcon, will_not: BellOffIcon }[verdict];
  return (
    <div className={styles["verdict"]} data-verdict={verdict}>
      <Icon />
      <div>
        <p className={styles["headline"]}>
          {verdict === "will_sound" ? <Trans>Alarms will sound here</Trans> : null}
          {verdict === "will_notify" ? <Trans>Alarms will notify here</Trans> : null}
          {verdict === "will_show" ? shownHereWords(facts.audio) : null}
          {verdict === "will_not" ? <Trans>Alarms will not ring here</Trans> : null}
        </p>
        {verdict === "will_sound" && isPushed ? (
          <p>
            <Trans>As long as this page stays open. When it is closed, they come as a notification.</Trans>
          </p>
        ) : null}
        {verdict === "will_sound" && !isPushed ? (
          <p>
            <Trans>Only while this page stays open. When it is closed, nothing comes.</Trans>
          </p>
        ) : null}
        {verdict === "will_show" && !isPushed ? (
          <p>
            <Trans>When it is closed, nothing comes.</Trans>
          </p>
        ) : null}
        {verdict === "will_notify" ? (
          <p>
            <Trans>They come as a notification with this device’s own sound. Bedside mode plays the alarm itself.</Trans>
          </p>
        ) : null}
      </div>
    </div>
  );
}
