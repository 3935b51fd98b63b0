// Sends what is recorded: the night itself, its epochs in batches, its end. Whatever is sent twice does no harm.
import type { Epoch } from "./counter";
import { EPOCH_MS } from "./counts";
import type { Night, Nights } from "./nights";
import { isAboutDevice, refusalOf, type Refusal } from "./refusals";

/** The answer to one call; "later": no connection, no session, or a server that is busy. */
export type Answer =
  | { readonly type: "answered"; readonly status: number; readonly json: unknown }
  | { readonly type: "later"; readonly retryAfterMs: number | null };

export interface SendPorts {
  readonly nights: Pick<Nights, "read" | "of" | "waiting" | "sent" | "change" | "forget">;
  readonly call: (method: "PUT" | "POST", path: string, body: object) => Promise<Answer>;
  now(): number;
}

export type Sent =
  /** `rings`: the server has just decided to ring an alarm early. */
  | { readonly type: "sent"; readonly rings: boolean }
  /** The whole night is there, and was ended. */
  | { readonly type: "finished" }
  | { readonly type: "later"; readonly retryAfterMs: number | null }
  | { readonly type: "refused"; readonly reason: Refusal };

/** Two hours. A batch is small, and what is lost of one is not much. */
const MOST_IN_BATCH = 240;
/** A day has twelve full batches; pauses cut them. */
const MOST_BATCHES = 100;

/** Send all that waits of a night, and its end when it has one. Never rejects for want of a connection. */
export async function sendNight(id: string, ports: SendPorts): Promise<Sent> {
  const { nights, call } = ports;
  const night = await nights.read(id);
  if (!night) return { type: "finished" }; // by another tab, or forgotten
  const path = `/sleep/sessions/${encodeURIComponent(id)}`;
  if (!night.isTold) {
    const failure = (await earlierFailure(night, ports)) ?? (await tell(night, path, ports));
    if (failure) return failure;
    await nights.change(id, { isTold: true });
  }
  let rings = false;
  for (let turn = 0; turn < MOST_BATCHES; turn += 1) {
    const batch = firstRun(await nights.waiting(id, MOST_IN_BATCH));
    const first = batch[0]?.index;
    if (first === undefined) break;
    const answer = await call("POST", `${path}/epochs`, { first, counts: batch.map((epoch) => epoch.count) });
    const failure = await failureOf(answer, night, ports);
    if (failure) return failure;
    rings ||= isRinging(answer);
    await nights.sent(id, first, first + batch.length - 1);
  }
  const isOver = (await nights.read(id))?.endedAt != null;
  if (!isOver) return { type: "sent", rings };
  const failure = await failureOf(await call("POST", `${path}/finish`, {}), night, ports);
  if (failure) return failure;
  await nights.forget(id);
  return { type: "finished" };
}

/** The server has one night at a time: while it does not know the end of the one before, it would refuse this one. */
async function earlierFailure(night: Night, ports: SendPorts): Promise<Sent | null> {
  const earlier = (await ports.nights.of(night.userId)).filter(
    ({ startAt, endedAt }) => startAt < night.startAt && endedAt !== null,
  );
  for (const { id } of earlier) {
    const sent = await sendNight(id, ports);
    if (sent.type === "later") return sent;
  }
  return null;
}

async function tell(night: Night, path: string, ports: SendPorts): Promise<Sent | null> {
  const body = toBody(night);
  const answer = await ports.call("PUT", path, body);
  if (!isAboutDevice(answer)) return failureOf(answer, night, ports);
  return failureOf(await ports.call("PUT", path, { ...body, device_id: null }), night, ports);
}

function toBody(night: Night): object {
  return {
    start: new Date(night.startAt).toISOString(),
    epoch_seconds: EPOCH_MS / 1000,
    source: "mattress",
    time_zone: night.timeZone,
    device_id: night.deviceId,
  };
}

/** Those that follow one another without a hole. */
function firstRun(epochs: readonly Epoch[]): readonly Epoch[] {
  const end = epochs.findIndex(({ index }, i) => index !== epochs[0]!.index + i);
  return end === -1 ? epochs : epochs.slice(0, end);
}

/** What is not taken stays here, and is tried again, unless nothing about it will change. */
async function failureOf(answer: Answer, night: Night, ports: SendPorts): Promise<Sent | null> {
  if (answer.type === "later") return answer;
  if (answer.status < 300) return null;
  const reason = refusalOf(answer, ports.now() - night.startAt);
  if (reason === null) return { type: "later", retryAfterMs: null };
  await ports.nights.forget(night.id);
  return { type: "refused", reason };
}

function isRinging(answer: Answer): boolean {
  if (answer.type !== "answered") return false;
  const decision = (answer.json as { readonly smart_wake?: { readonly rings?: unknown } | null } | null)?.smart_wake;
  return decision?.rings === true;
}
