// A press on a notification: an answer, or a way into the app.
import type { AnswerEvent } from "../push/messages";
import { noteSettled } from "../push/known";
import { postAnswer } from "./answering";
import { localTime } from "./notification";
import { keepAnswer } from "./outbox";
import { openPath, tellPages } from "./pages";
import type { NotificationData, RichNotificationOptions } from "./platform";
import { surroundings } from "./surroundings";

declare const self: ServiceWorkerGlobalScope;

export async function onNotificationClick(notification: Notification, action: string): Promise<void> {
  const data = notification.data as NotificationData | null;
  if (data?.occurrenceId && data.answer && (action === "snooze" || action === "dismiss")) {
    await answer(notification.title, data, data.occurrenceId, action);
    return;
  }
  if (data?.type !== "ring") notification.close(); // a ring stays until it is answered
  await openPath(data?.path ?? "/");
}

async function answer(title: string, data: NotificationData, occurrenceId: string, event: AnswerEvent): Promise<void> {
  if (data.answer === null) return;
  const outcome = await postAnswer(data.answer, event, {});
  const { words, ...around } = await surroundings(occurrenceId);
  const timeOf = (instant: number) => localTime(data.local ?? "", instant, around);
  const tell = (body: string, options: RichNotificationOptions = {}) =>
    show(title, data, occurrenceId, { silent: true, body, ...options });

  if (outcome.type === "done") {
    const isSnoozed = event === "snooze" && outcome.snoozedUntil !== null;
    await settle(data, occurrenceId, event);
    await tell(isSnoozed ? words.snoozedUntil(timeOf(Date.parse(outcome.snoozedUntil))) : words.stopped);
    await tellPages({ type: "answered", occurrenceId, event, snoozedUntil: outcome.snoozedUntil, isSent: true });
    return;
  }
  if (outcome.type === "refused") {
    if (outcome.code === "snooze_limit") await tell(words.noSnoozeLeft, { requireInteraction: true, data });
    else await tell(words.alreadyOver);
    return;
  }
  const minutes = event === "snooze" ? data.snoozeMinutes : null;
  const isKept = await keepAnswer({ occurrenceId, event, ringCount: data.ringCount, minutes }).then(
    () => true,
    () => false,
  );
  if (!isKept) {
    await tell(words.answerLost, { requireInteraction: true, data });
    return;
  }
  await settle(data, occurrenceId, event);
  const until = Date.now() + data.snoozeMinutes * 60_000;
  await tell(event === "snooze" ? words.snoozedHere(timeOf(until)) : words.dismissedHere);
  const snoozedUntil = event === "snooze" ? new Date(until).toISOString() : null;
  await tellPages({ type: "answered", occurrenceId, event, snoozedUntil, isSent: false });
}

async function settle(data: NotificationData, occurrenceId: string, event: AnswerEvent): Promise<void> {
  const state = event === "snooze" ? "snoozed" : "dismissed";
  const settled = { id: occurrenceId, state, ringCount: data.ringCount, at: Date.now() } as const;
  await noteSettled(settled).catch(() => undefined);
}

/** In place of the ring. */
async function show(
  title: string,
  data: NotificationData,
  occurrenceId: string,
  options: RichNotificationOptions,
): Promise<void> {
  const ended: NotificationData = {
    ...data,
    type: "stop",
    answer: null,
    path: `/history/${encodeURIComponent(occurrenceId)}`,
  };
  const all: RichNotificationOptions = {
    tag: occurrenceId,
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    data: ended,
    ...options,
  };
  await self.registration.showNotification(title, all);
}
