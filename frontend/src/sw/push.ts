// A push: first the notification, then everybody else learns of it.
import { context } from "../replica/context";
import { noteSettled } from "../push/known";
import { parsePush, type PushMessage } from "../push/payload";
import { postAnswer } from "./answering";
import { toNotification } from "./notification";
import { tellPages } from "./pages";
import { surroundings } from "./surroundings";

declare const self: ServiceWorkerGlobalScope;

export async function onPush(text: string | null): Promise<void> {
  const receivedAt = Date.now();
  const message = parsePush(text);
  const { title, options } = toNotification(message, await surroundings(message?.occurrence?.id ?? null));
  await self.registration.showNotification(title, options);
  if (message === null) return;
  const isShown = options.data.type === message.type; // and not the end of it instead
  context().channel.post({ type: "pull" });
  await Promise.allSettled([
    tellPages({ type: "push", message, receivedAt }),
    isShown ? acknowledge(message) : undefined,
    remember(message),
  ]);
}

async function acknowledge(message: PushMessage): Promise<void> {
  if (message.answer === null) return;
  await postAnswer(message.answer, "ack", { event: "shown", at: new Date().toISOString() });
}

/** How it ended, so that a ring that was overtaken on its way does not ring. */
async function remember(message: PushMessage): Promise<void> {
  if (message.occurrence === null || (message.type !== "stop" && message.type !== "missed")) return;
  const { id, state, ringCount } = message.occurrence;
  await noteSettled({ id, state, ringCount, at: Date.now() });
}
