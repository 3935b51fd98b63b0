// The recording of this page, tied to the browser. It goes on while the page lives, whichever screen is shown.
import { create } from "zustand";
import { newId } from "../replica/ids";
import { replica } from "../replica/replica";
import { keepAwake } from "../ringing/wakeLock";
import { ownDeviceId, useSession } from "../session/session";
import { countInWorker } from "./counting";
import { callServer } from "./http";
import { onceAgreed } from "./agreed";
import { askForMotion, listenToMotion, motionLeave } from "./motion";
import { Nights } from "./nights";
import { Recorder } from "./recorder";
import { sendNight } from "./sending";
import { OFF, type Recording } from "./view";
import { isSmartWakeOpen } from "./windows";

/** One page of a browser records at a time; who holds it, and who sends what others left, ask by this name. */
export const RECORDING_LOCK = "smartalarm-recording";

export const useRecording = create<Recording>()(() => OFF);

export const nights = new Nights();

let isHiddenSince = false;
let letGo: () => void = () => undefined;

const recorder = new Recorder({
  now: () => replica.now(),
  random: () => Math.random(),
  newId,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  nights,
  who,
  count: countInWorker,
  feel: (onBatch) => listenToMotion(() => replica.now(), onBatch),
  send: (id) => onceAgreed(() => sendNight(id, { nights, call: callServer, now: () => replica.now() })),
  isUrgent: () => isSmartWakeOpen(replica.all("occurrence") ?? [], replica.all("alarm") ?? [], replica.now()),
  wasHidden: () => {
    const was = isHiddenSince;
    isHiddenSince = document.hidden;
    return was;
  },
  onRings: () => void replica.syncNow(),
  onChange: (recording) => {
    useRecording.setState(recording, true);
    if (recording.status === "off" || recording.status === "ended") letGo();
  },
});

// For as long as the page lives: the end of a night is sent after its recording was let go.
window.addEventListener("online", () => recorder.tryNow());

/** Call it from a press: Apple's devices ask for leave then, and only then. */
export async function startRecording(): Promise<void> {
  const { status } = useRecording.getState();
  if (status === "starting" || status === "recording") return;
  if (motionLeave() === "unsupported") {
    recorder.fail("unsupported");
    return;
  }
  if ((await askForMotion()) === "denied") {
    recorder.fail("denied");
    return;
  }
  if (!(await hold())) {
    recorder.fail("other_tab");
    return;
  }
  recorder.start();
}

export function finishRecording(): Promise<void> {
  return recorder.finish();
}

/** What was said about a recording has been read. */
export function putRecordingAway(): void {
  recorder.putAway();
}

/** Until the recording ends: no other tab records, the screen stays on, and what happens to the page is noticed. */
async function hold(): Promise<boolean> {
  letGo();
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  let free: () => void = () => undefined;
  const held = new Promise<void>((done) => (free = done));
  const isMine = await new Promise<boolean>((answer) => {
    if (!locks) {
      answer(true);
      return;
    }
    void locks.request(RECORDING_LOCK, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock ? held : undefined;
    });
  });
  if (!isMine) return false;
  const note = () => {
    if (document.hidden) isHiddenSince = true;
  };
  const endings = [
    keepAwake(),
    listen(document, "visibilitychange", note),
    useSession.subscribe((session, before) => {
      if (session.status !== "signed_in" || session.userId !== before.userId) recorder.fail(null);
    }),
    replica.subscribe("settings", () => {
      if (replica.all("settings")?.some((settings) => !settings.fields.sleep_consent)) recorder.fail("no_consent");
    }),
    free,
  ];
  letGo = () => {
    letGo = () => undefined;
    for (const end of endings) end();
  };
  return true;
}

async function who() {
  const { userId } = useSession.getState();
  if (userId === null) return null;
  const deviceId = await ownDeviceId();
  const isKnown = replica.all("device")?.some((device) => device.id === deviceId && !device.isPending) ?? false;
  const timeZone = replica.all("profile")?.[0]?.fields.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { userId, deviceId: isKnown ? deviceId : null, timeZone };
}

function listen(target: EventTarget, type: string, run: () => void): () => void {
  target.addEventListener(type, run);
  return () => target.removeEventListener(type, run);
}
