// Answers that wait for a connection: the browser wakes the worker when there is one.
import { flushOutbox } from "../replica/background";
import { context } from "../replica/context";
import { newId } from "../replica/ids";
import { writeEdits } from "../replica/writing";
import type { AnswerEvent } from "../push/messages";

declare const self: ServiceWorkerGlobalScope;

export const OUTBOX_TAG = "outbox";

/** TypeScript's worker library does not know it. */
export interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}

export interface KeptAnswer {
  readonly occurrenceId: string;
  readonly event: AnswerEvent;
  readonly ringCount: number;
  readonly minutes: number | null;
}

/** Put an answer where sync sends it from, and ask to be woken when there is a connection. Rejects when it is not kept. */
export async function keepAnswer(answer: KeptAnswer): Promise<void> {
  const { disk, channel, engine } = context();
  await engine.offset.load();
  const now = engine.now();
  const fields = {
    occurrence_id: answer.occurrenceId,
    event: answer.event,
    ring: answer.ringCount,
    at: new Date(now).toISOString(),
    minutes: answer.minutes,
  };
  await writeEdits({ disk, now: () => now, newId }, [{ kind: "answer", id: newId(), fields }]);
  channel.post({ type: "written" }); // a page that is open sends it
  await askToBeWoken().catch(() => undefined); // not every browser wakes workers: the next open page sends it then
}

/** Send what waits. Rejects when it could not, so that the browser tries again. */
export async function sendOutbox(): Promise<void> {
  if (!(await flushOutbox())) throw new Error("not everything was sent");
}

async function askToBeWoken(): Promise<void> {
  const sync: unknown = Reflect.get(self.registration, "sync");
  if (typeof sync === "object" && sync !== null)
    await (sync as { register(tag: string): Promise<void> }).register(OUTBOX_TAG);
}
