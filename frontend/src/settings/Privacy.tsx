// What others may see, and the way to take everything along or to leave.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button, LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { SleepIcon } from "../ui/icons";
import { DownloadIcon, TrashIcon } from "../ui/moreIcons";
import { usePreferences } from "../ui/preferences";
import { Progress } from "../ui/Progress";
import { Switch } from "../ui/Switch";
import { toast } from "../ui/toasts";
import { changeSettings } from "./change";
import { EraseAccount } from "./EraseAccount";
import { downloadExport } from "./exportFile";
import styles from "./Settings.module.css";

export function Privacy() {
  const { t } = useLingui();
  const settings = usePreferences();
  const [isBusy, setBusy] = useState(false);
  const [isErasing, setErasing] = useState(false);

  async function download(): Promise<void> {
    setBusy(true);
    const isDone = await downloadExport();
    setBusy(false);
    if (isDone) toast(t`Your data are in the downloads of this device.`);
    else toast(t`That did not work. Please try again when you are online.`);
  }

  return (
    <Card title={<Trans>Privacy</Trans>}>
      <Switch
        label={t`Hide names on the lock screen`}
        hint={t`A notification then says only that an alarm rings.`}
        checked={settings.hide_label_on_lock_screen}
        onChange={(event) => changeSettings({ hide_label_on_lock_screen: event.target.checked })}
      />
      <div className={styles["actions"]}>
        <LinkButton href="/sleep">
          <SleepIcon />
          <Trans>My nights</Trans>
        </LinkButton>
        <Button aria-disabled={isBusy} onClick={() => void (isBusy ? null : download())}>
          <DownloadIcon />
          <Trans>Download my data</Trans>
        </Button>
        <Button look="danger" onClick={() => setErasing(true)}>
          <TrashIcon />
          <Trans>Delete my account</Trans>
        </Button>
      </div>
      {isBusy ? <Progress /> : null}
      {isErasing ? <EraseAccount onClose={() => setErasing(false)} /> : null}
    </Card>
  );
}
