// Nothing is kept of somebody's sleep before they said yes: what is kept, where, for how long, and one button.
import { plural } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { changeSettings } from "../settings/change";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import styles from "./Importing.module.css";
import type { Looking } from "./useImport";

interface Props {
  readonly looking: Looking;
  readonly onAgree: () => void;
}

export function Agreeing({ looking: { days, isDaysKnown }, onAgree }: Props) {
  const kept = plural(days, { one: "# day", other: "# days" });
  return (
    <Card title={<Trans>May Smart Alarm keep your nights?</Trans>}>
      <p>
        {isDaysKnown ? (
          <Trans>
            They lie on this server, with your account, for {kept}, and are then erased by themselves. You can erase them or
            change your mind at any time.
          </Trans>
        ) : (
          <Trans>
            They lie on this server, with your account, for {kept} unless whoever runs it chose otherwise, and are then
            erased by themselves. You can erase them or change your mind at any time.
          </Trans>
        )}
      </p>
      <div className={styles["actions"]}>
        <Button
          look="primary"
          isBig
          onClick={() => {
            changeSettings({ sleep_consent: true });
            onAgree();
          }}
        >
          <Trans>Yes, keep my nights</Trans>
        </Button>
      </div>
    </Card>
  );
}
