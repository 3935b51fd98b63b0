// Making or changing an alarm.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function EditorScreen({ alarmId }: { readonly alarmId: string | null }) {
  const { t } = useLingui();
  return <Screen title={alarmId === null ? t`New alarm` : t`Change alarm`}>{null}</Screen>;
}
