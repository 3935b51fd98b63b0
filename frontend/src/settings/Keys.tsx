// The keyboard shortcuts of this device, and their switch.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { ShortcutList } from "../app/ShortcutList";
import { recallShortcutSwitch, switchShortcuts, useShortcutSwitch } from "../app/shortcutSwitch";
import { Card } from "../ui/Card";
import { Switch } from "../ui/Switch";
import styles from "./Settings.module.css";

export function Keys() {
  const { t } = useLingui();
  const isOn = useShortcutSwitch((state) => state.isOn);
  useEffect(() => void recallShortcutSwitch(), []);
  return (
    <Card title={<Trans>Keyboard</Trans>}>
      <Switch
        label={t`Single-key shortcuts`}
        hint={t`On this device. Switch them off if you speak to your computer or press keys by accident.`}
        checked={isOn}
        onChange={(event) => switchShortcuts(event.target.checked)}
      />
      {isOn ? (
        <details className={styles["details"]}>
          <summary>
            <Trans>Show the shortcuts</Trans>
          </summary>
          <ShortcutList />
        </details>
      ) : null}
    </Card>
  );
}
