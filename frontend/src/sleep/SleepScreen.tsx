// Sleep: what the recorded nights say, or one night of them.
import { Queries } from "../api/queries";
import { OneNight } from "./OneNight";
import { Overview } from "./Overview";

export default function SleepScreen({ sessionId }: { readonly sessionId: string | null }) {
  return <Queries>{sessionId === null ? <Overview /> : <OneNight key={sessionId} id={sessionId} />}</Queries>;
}
