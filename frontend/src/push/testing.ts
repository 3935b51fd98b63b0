// A test push to this device, by the way a ring goes, and how long it took until it was shown.
import { api } from "../session/api";
import { readFacts } from "./facts";
import { writeValue } from "./known";

export type TestOutcome =
  | { readonly type: "shown"; readonly latencyMs: number; readonly testId: string }
  /** The push service took it, and it did not appear here in time. */
  | { readonly type: "not_shown" }
  /** The push service did not take it; why, in the server's words. */
  | { readonly type: "not_taken"; readonly detail: string | null }
  | { readonly type: "offline" };

export interface LedgerLine {
  readonly at: string;
  readonly event: string;
  readonly device_id?: string | null;
  readonly detail?: string | null;
}

const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 500;

/** Never rejects; ends within about 15 s. */
export async function runTest(deviceId: string, endpoint: string): Promise<TestOutcome> {
  const sent = await api
    .POST("/api/v1/devices/{device_id}/test", { params: { path: { device_id: deviceId } } })
    .catch(() => null);
  if (!sent?.data) return { type: "offline" };
  const testId = sent.data.test_id;
  const outcome = await waitFor(testId);
  if (outcome.type !== "offline") {
    const latencyMs = outcome.type === "shown" ? outcome.latencyMs : null;
    await writeValue("lastTest", { testedAt: Date.now(), latencyMs, endpoint }).catch(() => undefined);
    await readFacts();
  }
  return outcome;
}

async function waitFor(testId: string): Promise<TestOutcome> {
  const until = Date.now() + PATIENCE_MS;
  let ledger: readonly LedgerLine[] | null = null;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const path = { occurrence_id: testId };
    const { data } = await api
      .GET("/api/v1/occurrences/{occurrence_id}", { params: { path } })
      .catch(() => ({ data: undefined }));
    ledger = data?.ledger ?? ledger;
    const outcome = ledger && outcomeOf(ledger, testId);
    if (outcome) return outcome;
  }
  return ledger ? { type: "not_shown" } : { type: "offline" };
}

/** What a test's ledger says; null while it says nothing final. */
export function outcomeOf(ledger: readonly LedgerLine[], testId: string): TestOutcome | null {
  const sent = ledger.find((line) => line.event === "sent");
  const shown = ledger.find((line) => line.event === "shown");
  if (shown) {
    const latencyMs = Math.max(0, Date.parse(shown.at) - Date.parse(sent?.at ?? shown.at));
    return { type: "shown", latencyMs, testId };
  }
  const failed = ledger.find((line) => line.event === "subscription_lost" || line.event === "failed");
  return failed ? { type: "not_taken", detail: failed.detail ?? null } : null;
}
