// Another device of this person: how it is doing as far as the server knows, its role, its name, and taking it away.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { DeviceView } from "../api/types";
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";
import { Badge, PendingBadge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { formatAgo } from "../ui/clock";
import { EditIcon, TrashIcon } from "../ui/moreIcons";
import { useNow } from "../ui/now";
import { toast } from "../ui/toasts";
import styles from "./Devices.module.css";
import { RenameDialog } from "./RenameDialog";
import { RoleChoice } from "./RoleChoice";

interface Props {
  readonly device: Shown<"device">;
  readonly view: DeviceView | undefined;
}

export function OtherDevice({ device, view }: Props) {
  const { t } = useLingui();
  const [isRenaming, setIsRenaming] = useState(false);
  const { name } = device.fields;
  const health = view?.health ?? null;

  function remove(): void {
    void replica.write([{ kind: "device", id: device.id, fields: { deleted: true } }]);
    const undo = () => void replica.write([{ kind: "device", id: device.id, fields: { deleted: false } }]);
    toast(t`${name} was removed. Alarms no longer go there.`, { label: t`Undo`, run: undo });
  }

  return (
    <li>
      <Card>
        <header className={styles["head"]}>
          <h3>{name}</h3>
          {device.isPending ? <PendingBadge /> : null}
          <HealthBadge health={health} isConnected={view?.connected ?? false} role={device.fields.ring} />
        </header>
        <SeenLine view={view} />
        {device.fields.ring === "never" ? null : <Trouble health={health} />}
        <RoleChoice device={device} />
        <div className={styles["buttons"]}>
          <Button look="quiet" onClick={() => setIsRenaming(true)} aria-label={t`Rename ${name}`}>
            <EditIcon />
            <Trans>Rename</Trans>
          </Button>
          <Button look="quiet" onClick={remove} aria-label={t`Remove ${name}`}>
            <TrashIcon />
            <Trans>Remove</Trans>
          </Button>
        </div>
      </Card>
      {isRenaming ? <RenameDialog device={device} onClose={() => setIsRenaming(false)} /> : null}
    </li>
  );
}

interface HealthProps {
  readonly health: DeviceView["health"] | null;
  readonly isConnected: boolean;
  readonly role: DeviceView["ring"];
}

function HealthBadge({ health, isConnected, role }: HealthProps) {
  if (role === "never") {
    return (
      <Badge>
        <Trans>Stays quiet</Trans>
      </Badge>
    );
  }
  if (health === "quiet" || health === "lost") {
    return (
      <Badge tone="warn">
        <Trans>May not ring</Trans>
      </Badge>
    );
  }
  if (isConnected || health === "ok") {
    return <Badge tone="good">{isConnected ? <Trans>Connected</Trans> : <Trans>Will notify</Trans>}</Badge>;
  }
  return health === "none" ? (
    <Badge tone="warn">
      <Trans>Rings only while open</Trans>
    </Badge>
  ) : null;
}

function SeenLine({ view }: { readonly view: DeviceView | undefined }) {
  const { i18n } = useLingui();
  const now = useNow(60_000);
  if (!view) return null;
  const ago = (at: string) => formatAgo(Math.max(0, now - Date.parse(at)), i18n.locale);
  const seen = view.last_seen_at ? ago(view.last_seen_at) : null;
  const shown = view.last_shown_at ? ago(view.last_shown_at) : null;
  if (!view.connected && !seen && !shown) return null;
  return (
    <p className={styles["soft"]}>
      {view.connected ? <Trans>The app is open there now.</Trans> : null}
      {!view.connected && seen ? <Trans>Last opened: {seen}.</Trans> : null}{" "}
      {shown ? <Trans>Last showed or answered an alarm: {shown}.</Trans> : null}
    </p>
  );
}

/** What is wrong, and what to do over there. */
function Trouble({ health }: { readonly health: DeviceView["health"] | null }) {
  if (health === "quiet") {
    return (
      <p className={styles["todo"]}>
        <Trans>It did not show its last alarms. Check that it is on and online, and open Smart Alarm there.</Trans>
      </p>
    );
  }
  if (health === "lost") {
    return (
      <p className={styles["todo"]}>
        <Trans>Notifications stopped reaching it. Open Smart Alarm there once.</Trans>
      </p>
    );
  }
  if (health === "none") {
    return (
      <p className={styles["todo"]}>
        <Trans>Notifications are off there. To turn them on, open Devices on that device.</Trans>
      </p>
    );
  }
  return null;
}
