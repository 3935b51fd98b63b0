// A line about sync, only when there is something to say: no connection, edits that wait, a server that does not answer.
import { Plural, Trans } from "@lingui/react/macro";
import { useLingui } from "@lingui/react";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useSyncState } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { SyncState } from "../replica/types";
import { Button, LinkButton } from "../ui/Button";
import { formatAgo } from "../ui/clock";
import { OfflineIcon, PendingIcon, WarningIcon } from "../ui/icons";
import { useNow } from "../ui/now";
import styles from "./SyncStrip.module.css";

const Notices = lazy(() => import("./Notices"));

/** Edits are usually sent within a moment: only those that wait longer are worth a word. */
const PATIENCE_MS = 3_000;

export function SyncStrip() {
  const state = useSyncState();
  const isWaiting = useLasting(state.unsent > 0, PATIENCE_MS);
  const line = lineOf(state, isWaiting);
  return (
    <>
      <div role="status">{line ? <div className={styles["strip"]}>{line}</div> : null}</div>
      {state.notices.length > 0 ? (
        <Suspense fallback={null}>
          <Notices notices={state.notices} />
        </Suspense>
      ) : null}
    </>
  );
}

function lineOf(state: SyncState, isWaiting: boolean): ReactNode {
  if (state.trouble === "signed_out") {
    return (
      <>
        <WarningIcon />
        <p>
          <Trans>Please sign in again. What you changed here is kept and sent after that.</Trans>
        </p>
        <LinkButton look="quiet" href="/sign-in">
          <Trans>Sign in</Trans>
        </LinkButton>
      </>
    );
  }
  if (!state.isOnline) {
    return (
      <>
        <OfflineIcon />
        <p>
          <Trans>No connection.</Trans> <Waiting unsent={state.unsent} /> <LastSynced at={state.pulledAt} />
        </p>
      </>
    );
  }
  if (state.trouble === "server") {
    return (
      <>
        <WarningIcon />
        <p>
          <Trans>The server does not answer.</Trans> <Waiting unsent={state.unsent} /> <LastSynced at={state.pulledAt} />
        </p>
        <Button look="quiet" onClick={() => void replica.syncNow()}>
          <Trans>Try again</Trans>
        </Button>
      </>
    );
  }
  if (isWaiting) {
    return (
      <>
        <PendingIcon />
        <p>
          <Waiting unsent={state.unsent} />
        </p>
      </>
    );
  }
  return null;
}

function Waiting({ unsent }: { readonly unsent: number }) {
  if (unsent === 0) return null;
  return <Plural value={unsent} one="# change waits here to be sent." other="# changes wait here to be sent." />;
}

function LastSynced({ at }: { readonly at: number | null }) {
  const { i18n } = useLingui();
  const now = useNow(60_000);
  if (at === null) return null;
  const ago = formatAgo(now - at, i18n.locale);
  return <Trans>Last synced: {ago}.</Trans>;
}

/** Whether a thing has been so for a while. */
function useLasting(isSo: boolean, ms: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isSo) return;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [isSo, ms]);
  return isSo && isLasting;
}
