// Alarms.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function AlarmsScreen() {
  const { t } = useLingui();
  return <Screen title={t`Alarms`}>{null}</Screen>;
}
