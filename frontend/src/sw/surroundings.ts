// What a notification is built with, read from the disk. A disk that fails leaves English and no label: it still rings.
import { chooseLocale } from "../i18n/locale";
import { NOTHING_KNOWN, readValue } from "../push/known";
import type { Surroundings } from "./notification";
import { maxActions, type NotificationData } from "./platform";
import { wordsOf } from "./words/words";

declare const self: ServiceWorkerGlobalScope;

const DISK_MS = 1_500;

export async function surroundings(occurrenceId: string | null): Promise<Surroundings> {
  const [known, settled, shown] = await Promise.all([
    within(readValue("known")),
    within(readValue("settled")),
    occurrenceId === null ? null : within(shownFor(occurrenceId)),
  ]);
  const locale = chooseLocale(known?.locale ?? null, navigator.languages);
  return {
    words: wordsOf(locale),
    locale,
    known: known ?? NOTHING_KNOWN,
    maxActions: maxActions(),
    now: Date.now(),
    settled: settled?.find((one) => one.id === occurrenceId) ?? null,
    shown,
  };
}

/** What the shown notification of an occurrence remembers. */
export async function shownFor(tag: string): Promise<NotificationData | null> {
  const notifications = await self.registration.getNotifications({ tag });
  return (notifications[0]?.data as NotificationData | undefined) ?? null;
}

async function within<Value>(reading: Promise<Value | null>): Promise<Value | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), DISK_MS));
  return await Promise.race([reading.catch(() => null), late]);
}
