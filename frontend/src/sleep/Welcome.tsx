// Before the first night: what this does, what would be kept, and a clear choice.
import { Trans, useLingui } from "@lingui/react/macro";
import { changeSettings } from "../settings/change";
import { Button, LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { EmptyState } from "../ui/EmptyState";
import { SleepIcon } from "../ui/icons";
import styles from "./Sleep.module.css";

export function Welcome({ hasConsent }: { readonly hasConsent: boolean }) {
  return hasConsent ? <NoNights /> : <Consent />;
}

/** Nothing is stored before somebody says yes here. */
function Consent() {
  return (
    <Card className={styles["welcome"]} title={<Trans>Would you like to see how you sleep?</Trans>}>
      <p>
        <Trans>
          From movement and heart rate, Smart Alarm estimates when you were asleep and how deeply. With that it can wake you
          at a lighter moment.
        </Trans>
      </p>
      <p>
        <Trans>
          For each half minute it keeps one number for movement, your heart rate if there is one, and the estimated stage.
          They lie on this server, with your account, for 90 days unless whoever runs it chose otherwise, and are then erased
          by themselves.
        </Trans>
      </p>
      <p className={styles["soft"]}>
        <Trans>No sound is recorded. You can change your mind, download everything or erase it at any time.</Trans>
      </p>
      <div className={styles["actions"]}>
        <Button look="primary" isBig onClick={() => changeSettings({ sleep_consent: true })}>
          <Trans>Yes, keep my nights</Trans>
        </Button>
        <LinkButton look="quiet" href="/">
          <Trans>Not now</Trans>
        </LinkButton>
      </div>
    </Card>
  );
}

function NoNights() {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={<SleepIcon />}
      title={t`No nights yet`}
      action={
        <div className={`${styles["actions"] ?? ""} ${styles["centred"] ?? ""}`}>
          <LinkButton look="primary" isBig href="/bedside?record">
            <Trans>Record tonight</Trans>
          </LinkButton>
          <LinkButton href="/sleep/import">
            <Trans>Import nights</Trans>
          </LinkButton>
        </div>
      }
    >
      <p>
        <Trans>
          Lay your phone on the mattress tonight, beside your pillow. Or bring along nights that a watch or another app has
          recorded.
        </Trans>
      </p>
    </EmptyState>
  );
}
