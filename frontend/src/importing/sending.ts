// Sends a night: that it began, its epochs, that it is over. Sent again it changes nothing, so a stopped import goes on later.
import { nightId } from "./nightIds";
import type { FileKind, Night } from "./sleepRecords";

export type Measured = "wrist" | "mattress" | "unknown";

/** What came of a night. With the last four every other night would fare the same. */
export type Outcome =
  "imported" | "already" | "overlaps" | "too_old" | "refused" | "no_consent" | "not_offered" | "too_many" | "unreachable";

const ENDS_ALL: readonly Outcome[] = ["no_consent", "not_offered", "too_many", "unreachable"];

export const endsAll = (outcome: Outcome): boolean => ENDS_ALL.includes(outcome);

export interface Answer {
  readonly status: number;
  /** Of a refusal. */
  readonly code: string | null;
  readonly pointer: string | null;
  readonly retryAfterMs: number | null;
  /** Of the session, where it tells them. */
  readonly epochs: number | null;
  readonly isFinished: boolean;
}

export interface SendPorts {
  /** Rejects without a connection, and when it is stopped. */
  readonly call: (method: "PUT" | "POST", path: string, body: object) => Promise<Answer>;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
}

interface Sender {
  readonly userId: string;
  readonly kind: FileKind;
  /** Where the movement of a file of counts was measured. */
  readonly measured: Measured;
}

/** Eight hours in one part. */
const MOST_IN_PART = 960;
/** So often a night that somebody deleted may be imported again. */
const MOST_TURNS = 6;
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 20_000;

export async function sendNight(night: Night, sender: Sender, ports: SendPorts): Promise<Outcome> {
  const source = night.kind === "counts" ? sender.measured : night.isWrist ? "wrist" : "unknown";
  const start = new Date(night.startMs).toISOString();
  const session = { start, epoch_seconds: 30, source, time_zone: night.zone };
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const path = `/sleep/sessions/${nightId({ ...sender, startMs: night.startMs }, turn)}`;
    const begun = await tried(ports, "PUT", path, session);
    if (begun?.code === "session_deleted") continue; // deleted once, and now wanted again
    if (begun?.status !== 200) return outcomeOf(begun);
    const parts = partsOf(night, sender.kind);
    const length = night.kind === "stages" ? night.stages.length : night.counts.length;
    if (begun.isFinished && (begun.epochs ?? 0) >= length) return "already";
    for (const part of parts) {
      const answer = await tried(ports, "POST", `${path}/epochs`, part);
      if (answer?.status !== 200) return outcomeOf(answer);
    }
    const ended = await tried(ports, "POST", `${path}/finish`, {});
    return ended?.status === 200 ? "imported" : outcomeOf(ended);
  }
  return "refused";
}

function partsOf(night: Night, kind: FileKind): readonly object[] {
  const length = night.kind === "stages" ? night.stages.length : night.counts.length;
  return Array.from({ length: Math.ceil(length / MOST_IN_PART) }, (_, index) => {
    const first = index * MOST_IN_PART;
    const cut = <Value>(values: readonly Value[]) => values.slice(first, first + MOST_IN_PART);
    if (night.kind === "stages") return { first, stages: cut(night.stages), source: kind };
    const rates = night.heartRate ? { heart_rate: cut(night.heartRate) } : {};
    return { first, counts: cut(night.counts), ...rates };
  });
}

/** Again after a pause while the server is busy or out of reach; null when it stays so. */
async function tried({ call, wait, random }: SendPorts, ...request: Parameters<SendPorts["call"]>): Promise<Answer | null> {
  for (let tries = 0; ; tries += 1) {
    const answer = await call(...request).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      return null;
    });
    if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
    if (tries + 1 >= MOST_TRIES) return null;
    const pause = answer?.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** tries;
    await wait(Math.min(pause, LONGEST_PAUSE_MS) * (1 + random() / 2));
  }
}

function outcomeOf(answer: Answer | null): Outcome {
  if (answer === null) return "unreachable";
  if (answer.status === 401) return "unreachable";
  if (answer.code === "consent_required") return "no_consent";
  if (answer.code === "ml_disabled") return "not_offered";
  if (answer.code === "too_many_sessions") return "too_many";
  if (answer.code === "overlapping_session") return "overlaps";
  if (answer.code === "session_exists" || answer.code === "mixed_session") return "already";
  if (answer.status === 422 && answer.pointer === "/start") return "too_old";
  return "refused";
}
