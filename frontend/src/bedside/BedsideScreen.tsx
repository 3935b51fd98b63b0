// Bedside.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function BedsideScreen() {
  const { t } = useLingui();
  return <Screen title={t`Bedside`}>{null}</Screen>;
}
