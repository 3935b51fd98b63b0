// What rang, what did not, and why: all of it, or one ring with its ledger.
import { Queries } from "../api/queries";
import { HistoryList } from "./HistoryList";
import { OneRing } from "./OneRing";

export default function HistoryScreen({ occurrenceId }: { readonly occurrenceId: string | null }) {
  return <Queries>{occurrenceId === null ? <HistoryList /> : <OneRing occurrenceId={occurrenceId} />}</Queries>;
}
