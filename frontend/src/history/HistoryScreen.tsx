// What rang, and why or why not.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function HistoryScreen({ occurrenceId }: { readonly occurrenceId: string | null }) {
  const { t } = useLingui();
  return <Screen title={t`History`}>{occurrenceId}</Screen>;
}
