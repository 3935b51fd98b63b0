// From a push message to the notification that is shown for it. Pure.
import { formatTime, regionalHourCycle } from "../ui/clock";
import type { Known, Settled } from "../push/known";
import type { PushAlarm, PushMessage, PushOccurrence } from "../push/payload";
import type { NotificationData, RichNotificationOptions } from "./platform";
import type { Words } from "./words/words";

export interface Surroundings {
  readonly words: Words;
  readonly locale: string;
  readonly known: Known;
  readonly maxActions: number;
  readonly now: number;
  /** What is known of this occurrence already. */
  readonly settled: Settled | null;
  /** The notification that is shown for it now. */
  readonly shown: NotificationData | null;
}

export interface Shown {
  readonly title: string;
  readonly options: RichNotificationOptions & { readonly data: NotificationData };
}

const ICON = "/icon-192.png";
const BADGE = "/badge-96.png";
const LATE_MS = 90_000;
/** A smart wake rings before the alarm's time, never within its last minute. */
const EARLY_MS = 45_000;
const VIBRATION = [600, 200, 600, 200, 600, 600, 600, 200, 600];
const QUIET = { silent: true, renotify: false, requireInteraction: false } as const;
const RANK = { pending: 0, ringing: 1, snoozed: 1, skipped: 2, missed: 3, dismissed: 4 } as const;

/** Every message gives one: a push that shows nothing costs the subscription. */
export function toNotification(message: PushMessage | null, around: Surroundings): Shown {
  const occurrence = message?.occurrence ?? null;
  if (message?.type === "readiness") return readiness(message, around);
  if (message === null || occurrence === null) return unclear(around);
  switch (message.type) {
    case "ring":
      return isOvertaken(occurrence, around.settled)
        ? ended(message, occurrence, around)
        : ring(message, occurrence, around);
    case "stop":
      return ended(message, occurrence, around);
    case "missed":
      return missed(message, occurrence, around);
    case "test":
      return test(message, occurrence, around);
  }
}

/** Whether a ring comes after the news of its end: pushes may change places on the way. */
export function isOvertaken(occurrence: PushOccurrence, settled: Settled | null): boolean {
  if (settled?.id !== occurrence.id) return false;
  if (RANK[settled.state] > RANK["ringing"]) return true;
  return settled.state === "snoozed" && settled.ringCount >= occurrence.ringCount;
}

function ring(message: PushMessage, occurrence: PushOccurrence, around: Surroundings): Shown {
  const { words, known, shown } = around;
  const alarm = message.alarm;
  const isRepeated = shown?.type === "ring" && shown.ringCount === occurrence.ringCount && shown.rung >= message.rung; // delivered twice
  const actions = [
    ...(alarm.snoozesLeft > 0 ? [{ action: "snooze", title: words.snoozeAction(alarm.snoozeMinutes) }] : []),
    // A challenge is there to be solved: it has no way round it.
    ...(alarm.challenge === "none" ? [{ action: "dismiss", title: words.dismissAction }] : []),
  ];
  const offered = actions.slice(0, around.maxActions);
  return {
    title: titleOf(alarm, around),
    options: {
      ...common(occurrence, around),
      body: ringBody(message, occurrence, around),
      renotify: !isRepeated,
      requireInteraction: true,
      silent: false,
      ...(alarm.vibrate ? { vibrate: VIBRATION } : {}),
      ...(message.answer && offered.length > 0 ? { actions: offered } : {}),
      data: {
        ...dataOf("ring", occurrence, `/ringing/${encodeURIComponent(occurrence.id)}`),
        rung: message.rung,
        answer: message.answer,
        label: known.hidesLabel ? "" : alarm.label,
        snoozeMinutes: alarm.snoozeMinutes,
        ringsUntil: around.now + alarm.timeoutMinutes * 60_000,
      },
    },
  };
}

function ringBody(message: PushMessage, occurrence: PushOccurrence, around: Surroundings): string {
  const { words } = around;
  const dueTime = localTime(occurrence.local, Date.parse(occurrence.at), around);
  const isEarly = Date.parse(occurrence.at) - around.now > EARLY_MS;
  if (isEarly && (occurrence.ringCount === 1 || message.rung > 0)) return words.ringingEarly(dueTime);
  if (message.rung > 0) return words.stillRinging(dueTime);
  // At the alarm's own time it is that time, whether a snooze ended then or an early ring got no answer.
  const isOwnTime = Math.abs(around.now - Date.parse(occurrence.at)) <= EARLY_MS;
  if (occurrence.ringCount > 1 && !isOwnTime) return words.ringingAgain(localTime(occurrence.local, around.now, around));
  if (around.now - Date.parse(occurrence.at) > LATE_MS) return words.ringingLate(dueTime);
  return words.ringingNow(dueTime);
}

function ended(message: PushMessage, occurrence: PushOccurrence, around: Surroundings): Shown {
  const state = around.settled?.id === occurrence.id && message.type === "ring" ? around.settled.state : occurrence.state;
  return {
    title: titleOf(message.alarm, around),
    options: {
      ...common(occurrence, around),
      ...QUIET,
      body: endedBody({ ...occurrence, state }, around),
      data: dataOf("stop", occurrence, `/history/${encodeURIComponent(occurrence.id)}`),
    },
  };
}

function endedBody(occurrence: PushOccurrence, around: Surroundings): string {
  const { words, known } = around;
  const by = occurrence.answeredBy;
  const elsewhere = by !== null && by !== known.deviceId ? known.deviceNames[by] : undefined;
  if (occurrence.state === "skipped") return words.willNotRing;
  if (occurrence.state === "snoozed" && occurrence.snoozedUntil !== null) {
    const time = localTime(occurrence.local, Date.parse(occurrence.snoozedUntil), around);
    return elsewhere ? words.snoozedUntilOn(time, elsewhere) : words.snoozedUntil(time);
  }
  return elsewhere ? words.stoppedOn(elsewhere) : words.stopped;
}

function missed(message: PushMessage, occurrence: PushOccurrence, around: Surroundings): Shown {
  return {
    title: around.words.missedTitle(titleOf(message.alarm, around)),
    options: {
      ...common(occurrence, around),
      body: around.words.missed(localTime(occurrence.local, Date.parse(occurrence.at), around)),
      silent: true,
      renotify: false,
      requireInteraction: true, // the person should find it when they come
      data: dataOf("missed", occurrence, `/history/${encodeURIComponent(occurrence.id)}`),
    },
  };
}

function test(message: PushMessage, occurrence: PushOccurrence, around: Surroundings): Shown {
  return {
    title: around.words.testTitle,
    options: {
      ...common(occurrence, around),
      body: around.words.test,
      data: { ...dataOf("test", occurrence, "/devices"), answer: message.answer },
    },
  };
}

function readiness(message: PushMessage, around: Surroundings): Shown {
  const { words, known } = around;
  const name = message.device && (known.deviceNames[message.device.id] ?? message.device.name);
  return {
    title: words.readinessTitle,
    options: {
      ...common(null, around),
      tag: `readiness:${message.device?.id ?? ""}`,
      body: name ? words.readiness(name) : words.readinessAny,
      data: dataOf("readiness", null, "/devices"),
    },
  };
}

function unclear(around: Surroundings): Shown {
  const options = { ...common(null, around), ...QUIET, body: around.words.unclear };
  return { title: "Smart Alarm", options: { ...options, tag: "unclear", data: dataOf("unclear", null, "/") } };
}

function common(occurrence: PushOccurrence | null, around: Surroundings): RichNotificationOptions {
  return {
    icon: ICON,
    badge: BADGE,
    lang: around.locale,
    timestamp: occurrence ? Date.parse(occurrence.at) : around.now,
    ...(occurrence ? { tag: occurrence.id } : {}),
  };
}

function dataOf(type: NotificationData["type"], occurrence: PushOccurrence | null, path: string): NotificationData {
  return {
    type,
    occurrenceId: occurrence?.id ?? null,
    path,
    ringCount: occurrence?.ringCount ?? 0,
    rung: 0,
    answer: null,
    label: "",
    local: occurrence?.local ?? null,
    snoozeMinutes: 0,
    ringsUntil: 0,
  };
}

function titleOf(alarm: PushAlarm, around: Surroundings): string {
  return around.known.hidesLabel || alarm.label === "" ? around.words.alarm : alarm.label;
}

/** An instant as the clock on the wall shows it in the alarm's zone: by the offset the message carries, not by guessing. */
export function localTime(local: string, instant: number, around: Pick<Surroundings, "locale" | "known">): string {
  const sign = /([+-])(\d\d):(\d\d)(?::\d\d)?$/.exec(local);
  const minutes = sign ? (sign[1] === "-" ? -1 : 1) * (Number(sign[2]) * 60 + Number(sign[3])) : 0;
  const wall = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
  return formatTime(wall, { locale: around.locale, hourCycle: around.known.hourCycle ?? regionalHourCycle(around.locale) });
}
