// Today.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function TodayScreen() {
  const { t } = useLingui();
  return <Screen title={t`Today`}>{null}</Screen>;
}
