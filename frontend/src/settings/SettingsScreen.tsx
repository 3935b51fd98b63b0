// Settings.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function SettingsScreen() {
  const { t } = useLingui();
  return <Screen title={t`Settings`}>{null}</Screen>;
}
