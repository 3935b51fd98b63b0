// An alarm rings: snooze or dismiss.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function RingingScreen({ occurrenceId }: { readonly occurrenceId: string }) {
  const { t } = useLingui();
  return <Screen title={t`Alarm`}>{occurrenceId}</Screen>;
}
