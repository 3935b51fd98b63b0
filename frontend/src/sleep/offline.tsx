// Nights lie on the server: what to say when it does not answer.
import { Trans, useLingui } from "@lingui/react/macro";
import { useNow } from "../ui/now";
import { formatAgo } from "../ui/clock";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { OfflineIcon } from "../ui/icons";
import styles from "./Sleep.module.css";

export function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={<OfflineIcon />}
      title={t`No connection to the server`}
      action={
        <Button look="primary" onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Trans>Your nights are kept on the server. Your alarms work without it.</Trans>
    </EmptyState>
  );
}

/** What is shown came a while ago. */
export function OldNews({ loadedAt, onRetry }: { readonly loadedAt: number; readonly onRetry: () => void }) {
  const { i18n } = useLingui();
  const now = useNow(60_000);
  const ago = formatAgo(Math.max(0, now - loadedAt), i18n.locale);
  return (
    <p className={styles["old"]} role="status">
      <OfflineIcon />
      <Trans>No connection. This was loaded: {ago}.</Trans>
      <Button look="quiet" onClick={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    </p>
  );
}
