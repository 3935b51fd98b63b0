// How this device stands with the server.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useSyncState } from "../replica/hooks";
import { replica } from "../replica/replica";
import { Button } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { formatAgo } from "../ui/clock";
import { SyncIcon } from "../ui/moreIcons";
import { useNow } from "../ui/now";
import { Progress } from "../ui/Progress";
import styles from "./Settings.module.css";

/** A clock that is wrong by more is worth a word. */
const CLOCK_OFF_MS = 30_000;

export function SyncStatus() {
  const { t, i18n } = useLingui();
  const state = useSyncState();
  const now = useNow(60_000);
  const [isBusy, setBusy] = useState(false);
  const last = state.pulledAt === null ? t`not yet` : formatAgo(now - state.pulledAt, i18n.locale);

  async function sync(): Promise<void> {
    setBusy(true);
    await replica.syncNow();
    setBusy(false);
  }

  return (
    <Card title={<Trans>Sync</Trans>}>
      <Rows>
        <Row title={<Trans>Last synced</Trans>} end={last} />
        <Row
          title={<Trans>Changes that wait here</Trans>}
          end={<Plural value={state.unsent} _0="none" one="#" other="#" />}
        />
        <Row title={<Trans>Connection</Trans>} end={connectionOf()} />
      </Rows>
      {Math.abs(state.clockOffsetMs ?? 0) > CLOCK_OFF_MS ? (
        <p>
          <Trans>The clock of this device is wrong. Your alarms follow the server, so they still ring on time.</Trans>
        </p>
      ) : null}
      <div className={styles["actions"]}>
        <Button aria-disabled={isBusy} onClick={() => void (isBusy ? null : sync())}>
          <SyncIcon />
          <Trans>Sync now</Trans>
        </Button>
      </div>
      {isBusy ? <Progress /> : null}
    </Card>
  );

  function connectionOf(): string {
    if (!state.isOnline) return t`none just now`;
    if (state.trouble === "signed_out") return t`please sign in again`;
    if (state.trouble === "server") return t`the server does not answer`;
    return state.isSocketOpen ? t`live` : t`every minute`;
  }
}
