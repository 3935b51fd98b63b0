// What makes the app easier to see, to read and to follow.
import { Trans, useLingui } from "@lingui/react/macro";
import { Card } from "../ui/Card";
import { usePreferences } from "../ui/preferences";
import { Switch } from "../ui/Switch";
import { changeSettings } from "./change";

export function Accessibility() {
  const { t } = useLingui();
  const settings = usePreferences();
  return (
    <Card title={<Trans>Easier to use</Trans>}>
      <Switch
        label={t`Simple mode`}
        hint={t`Fewer things on each screen, and bigger ones.`}
        checked={settings.simplified_mode}
        onChange={(event) => changeSettings({ simplified_mode: event.target.checked })}
      />
      <Switch
        label={t`Larger text`}
        checked={settings.larger_text}
        onChange={(event) => changeSettings({ larger_text: event.target.checked })}
      />
      <Switch
        label={t`High contrast`}
        hint={t`Stronger lines and colours.`}
        checked={settings.high_contrast}
        onChange={(event) => changeSettings({ high_contrast: event.target.checked })}
      />
      <Switch
        label={t`Less motion`}
        hint={t`Nothing slides or fades.`}
        checked={settings.reduced_motion}
        onChange={(event) => changeSettings({ reduced_motion: event.target.checked })}
      />
    </Card>
  );
}
