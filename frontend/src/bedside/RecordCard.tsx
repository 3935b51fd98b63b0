// Whether this night is recorded: a switch for whoever agreed to it, else what it would mean and a button to agree.
import { Trans, useLingui } from "@lingui/react/macro";
import { changeSettings } from "../settings/change";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { usePreferences } from "../ui/preferences";
import { Switch } from "../ui/Switch";
import styles from "./Bedside.module.css";

interface Props {
  readonly isWanted: boolean;
  readonly hasNightToGoOn: boolean;
  readonly onWant: (isWanted: boolean) => void;
}

export function RecordCard({ isWanted, hasNightToGoOn, onWant }: Props) {
  const { t } = useLingui();
  const { sleep_consent } = usePreferences();
  if (!sleep_consent) return <Agree onAgree={() => onWant(true)} />;
  return (
    <Card>
      <Switch
        label={t`Record my sleep tonight`}
        hint={<Trans>Lay a phone on the mattress, beside your pillow, screen up.</Trans>}
        checked={isWanted}
        onChange={(event) => onWant(event.target.checked)}
      />
      {isWanted ? (
        <p className={styles["soft"]}>
          {hasNightToGoOn ? (
            <Trans>Your night was interrupted. Press Start, and its recording goes on.</Trans>
          ) : (
            <Trans>
              It counts how much the bed moves in each half minute. The movement itself never leaves this device, and no
              sound is recorded. A mattress tells less than a watch, so the result is a rough estimate.
            </Trans>
          )}
        </p>
      ) : null}
    </Card>
  );
}

function Agree({ onAgree }: { readonly onAgree: () => void }) {
  return (
    <Card title={<Trans>Record your sleep as well?</Trans>}>
      <p>
        <Trans>
          For each half minute one number for movement is kept, and the sleep stages estimated from it: on this server, with
          your account, for 90 days unless whoever runs it chose otherwise. You can turn it off and erase everything at any
          time.
        </Trans>
      </p>
      <Button
        onClick={() => {
          changeSettings({ sleep_consent: true });
          onAgree();
        }}
      >
        <Trans>Yes, I agree</Trans>
      </Button>
    </Card>
  );
}
