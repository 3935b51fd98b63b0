// The ringer of this page: the core, tied to the browser, the replica, the socket and the service worker.
import { readWorkerMessage } from "../push/messages";
import type { AlarmFields, Shown } from "../replica/types";
import { newId } from "../replica/ids";
import { onServerMessage } from "../replica/live";
import { replica } from "../replica/replica";
import { api } from "../session/api";
import { ownDeviceId } from "../session/session";
import { unlockAudio, unlockOnGestures, useAudio } from "../sound/audio";
import { nameSound } from "../sound/mediaSession";
import { playSound, prepareSound } from "../sound/player";
import { vibrate } from "../sound/vibration";
import { contentOf } from "./due";
import { answeredToNews, isNews, pushToNews, socketToNews, type News } from "./messages";
import { createReports, type ReportEvent } from "./reports";
import { createRinger, type Ringer } from "./ringerCore";
import { createRingSound, type RingSound } from "./ringSound";
import { NO_RINGS, ringing, shown, type Ring, type RingState } from "./ringState";
import { openTabs } from "./tabs";
import { useRinger } from "./useRinger";
import { keepAwake } from "./wakeLock";

export { isRinging, useRinger } from "./useRinger";

const WATCHED = ["occurrence", "alarm", "skip", "device", "state"] as const;

/** A notification that was left lying longer than this speaks of the past. */
const OPENED_WITHIN_MS = 30 * 60_000;

/** After the first screen has been drawn. */
const QUIET_MS = 2_000;

let ringer: Ringer | null = null;
let sound: RingSound | null = null;
let deviceId: string | null = null;

const report = createReports({
  send: sendReport,
  keep: ({ occurrenceId, ring, event, at }) =>
    replica.answer({ occurrence_id: occurrenceId, event, ring, at, minutes: null }),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  random: () => Math.random(),
  now: () => replica.now(),
});

/** Begin to listen and to arm. Called once after sign-in; gives what ends it, at sign-out. */
export function startRinger(): () => void {
  if (ringer) return () => undefined;
  let state: RingState = NO_RINGS;
  const tabs = openTabs((message) => {
    if (isNews(message)) hear(message, true);
  });
  const made = createRinger({
    time: { now: () => replica.now(), after },
    stored: readStored,
    isOnline: () => navigator.onLine,
    fetchNew: () => replica.syncNow(),
    answer: (answer) => replica.answer(answer),
    report,
    tell: (news) => tabs.tell(news),
    prepare: (content) => {
      prepareSound(content.sound);
      if (maySound()) void unlockAudio(); // a context that rests needs a moment to run again
    },
    onChange: (changed, next) => {
      state = changed;
      madeSound.update(ringing(state).find((ring) => !ring.isSilent) ?? null);
      useRinger.setState({ rings: shown(state), next });
      if (next) after(QUIET_MS, () => prepareSound(next.content.sound)); // a ring by socket gives no notice
    },
    makeId: newId,
  });
  const madeSound = createRingSound({
    canSound: unlockAudio,
    play: playSound,
    vibrate,
    claim: (signal) => tabs.claimSound(signal),
    isClaimed: () => tabs.isSoundClaimed(),
    keepAwake,
    name: (ring) => nameSound(ring.content.label),
    after,
    onState: (heard) => useRinger.setState({ sound: heard }),
    onHeard: (ring) => tellHeard(ring),
  });
  ringer = made;
  sound = madeSound;

  function hear(news: News | null, isFromTab = false): void {
    if (news) made.hear(news, isFromTab);
  }

  const endings = [
    ...WATCHED.map((topic) => replica.subscribe(topic, () => made.look())),
    onServerMessage((message) => hear(socketToNews(message, state, findAlarm, replica.now()))),
    unlockOnGestures(),
    useAudio.subscribe((audio) => {
      if (audio.state === "unlocked") madeSound.retry();
    }),
    listen(document, "visibilitychange", () => made.look()),
    listen(document, "resume", () => made.look()),
    listen(window, "pageshow", () => made.look()),
    listen(window, "focus", () => made.look()),
    listen(window, "online", () => made.look()),
  ];
  if ("serviceWorker" in navigator) {
    endings.push(
      listen(navigator.serviceWorker, "message", (event) => {
        const message = readWorkerMessage((event as MessageEvent).data);
        if (message?.type === "push") hear(pushToNews(message.message, findAlarm, replica.now()));
        if (message?.type === "answered") hear(answeredToNews(message, state));
      }),
    );
  }
  if (maySound()) void unlockAudio(); // touched before the ringer was there
  void ownDeviceId().then((id) => {
    deviceId = id;
    made.look();
  });
  made.look();
  useRinger.setState({ isStarted: true });
  return () => {
    for (const end of endings) end();
    made.stop();
    madeSound.update(null);
    tabs.close();
    ringer = sound = null;
    useRinger.setState({ rings: [], sound: "off", next: null, isStarted: false });
  };
}

/** Ring again later: here at once, everywhere as soon as there is a connection. */
export function snoozeRing(ring: Ring): void {
  ringer?.snooze(ring);
}

export function dismissRing(ring: Ring): void {
  ringer?.dismiss(ring);
}

/** The person has read that it was missed. */
export function closeRing(ring: Ring): void {
  ringer?.close(ring);
}

/** "Tap for sound": call it from the press. */
export function soundNow(): void {
  void unlockAudio().then(() => sound?.retry());
}

/** Softer while a challenge is worked on. */
export function softenRing(isSoft: boolean): void {
  sound?.soften(isSoft);
}

/** The screen shows it: the server is told, once. */
export function tellShown(ring: Ring): void {
  // Shown where it stays quiet wakes nobody: the server shall go on calling the others.
  if (!ring.isTest && !ring.isSilent) report(ring.id, ring.ring, "shown");
}

/** "Test this alarm now": rings here alone, marked as a test; nothing is sent. The alarm need not be saved. */
export function testRing(alarm: Pick<AlarmFields, "label" | "ring" | "snooze" | "instructions">): void {
  void unlockAudio();
  ringer?.test(contentOf(null, alarm.label, alarm, 1));
}

/** Opened from its notification: it rings, even where this device could not tell since when. */
export function openRing({ id, fields }: Shown<"occurrence">): void {
  const now = replica.now();
  const isDue = fields.state === "ringing" || (fields.state === "pending" && Date.parse(fields.at) <= now);
  if (!isDue || now - Date.parse(fields.at) > OPENED_WITHIN_MS) return;
  const ring = Math.max(1, fields.ring_count);
  const alarm = fields.alarm_id === null ? undefined : findAlarm(fields.alarm_id);
  const content = contentOf(fields.alarm_id, fields.label, alarm, ring);
  const dueAt = ring === 1 ? Date.parse(fields.at) : now;
  ringer?.hear({ type: "ring", start: { id, ring, dueAt, content, rung: 0 } });
}

/** Trying before the page was ever touched gives nothing but a warning in the console. */
function maySound(): boolean {
  const activation = (navigator as { readonly userActivation?: UserActivation }).userActivation;
  return useAudio.getState().state === "unlocked" || activation?.hasBeenActive === true;
}

function tellHeard(ring: Ring): void {
  if (!ring.isTest) report(ring.id, ring.ring, "heard");
}

function readStored() {
  const occurrences = replica.all("occurrence");
  const alarms = replica.all("alarm");
  const skips = replica.all("skip");
  const devices = replica.all("device");
  if (!occurrences || !alarms || !skips || !devices) return null;
  return { occurrences, alarms, skips, devices, deviceId, pulledAt: replica.state().pulledAt };
}

function findAlarm(id: string): AlarmFields | undefined {
  return replica.all("alarm")?.find((alarm) => alarm.id === id)?.fields;
}

async function sendReport(occurrenceId: string, event: ReportEvent, at: string): Promise<"done" | "again" | "unreachable"> {
  const { response } = await api.POST("/api/v1/occurrences/{occurrence_id}/ack", {
    params: { path: { occurrence_id: occurrenceId } },
    body: { event, device_id: deviceId, at },
  });
  if (response.status === 404) return "again"; // this device was first, and the server does not know the ring yet
  const isUnread = response.status === 401 || response.status === 429 || response.status >= 500;
  return isUnread ? "unreachable" : "done";
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function listen(target: EventTarget, type: string, run: (event: Event) => void): () => void {
  target.addEventListener(type, run);
  return () => target.removeEventListener(type, run);
}
