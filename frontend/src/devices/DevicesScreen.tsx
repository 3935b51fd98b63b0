// Devices.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function DevicesScreen() {
  const { t } = useLingui();
  return <Screen title={t`Devices`}>{null}</Screen>;
}
