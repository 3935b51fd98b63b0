// What else can be done with one alarm.
import { Trans } from "@lingui/react/macro";
import { routeToPath } from "../app/router";
import type { Shown } from "../replica/types";
import { Button, LinkButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { CopyIcon, EditIcon, TrashIcon } from "../ui/moreIcons";
import styles from "./MoreDialog.module.css";

interface Props {
  readonly alarm: Shown<"alarm">;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

export function MoreDialog({ alarm, onDelete, onClose }: Props) {
  const { label } = alarm.fields;
  return (
    <Dialog title={label} onClose={onClose}>
      <div className={styles["list"]}>
        <LinkButton href={routeToPath({ screen: "editor", alarmId: alarm.id })}>
          <EditIcon />
          <Trans>Change</Trans>
        </LinkButton>
        <LinkButton href={`/alarms/new?from=${encodeURIComponent(alarm.id)}`}>
          <CopyIcon />
          <Trans>Duplicate</Trans>
        </LinkButton>
        <Button look="danger" onClick={onDelete}>
          <TrashIcon />
          <Trans>Delete</Trans>
        </Button>
        <Button look="quiet" onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
