// Everything that runs beside the screens for push: the worker, its messages, and what it must know to do without us.
import { navigate } from "../app/router";
import type { Locale } from "../i18n/locale";
import { replica } from "../replica/replica";
import { regionalHourCycle } from "../ui/clock";
import { useRinger } from "../ringing/useRinger";
import { useSession } from "../session/store";
import { checkInTheEvening } from "./evening";
import { readFacts, watchFacts } from "./facts";
import { changeKnown, type Known } from "./known";
import { readWorkerMessage, type WorkerMessage } from "./messages";
import { closeRing, hasWorkers, registerWorker, useWorker } from "./registration";
import { keepRegistered } from "./subscribing";

type Listener = (message: WorkerMessage) => void;
const listeners = new Set<Listener>();

/** Hear what the worker tells this page: pushes that arrived, and answers given in a notification. */
export function onWorkerMessage(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called once, when the app starts, signed in or not. `locale` tells the language on screen. */
export function startPush(locale: () => string): void {
  void registerWorker();
  watchFacts();
  let isKept = false;
  let told = "";
  const keep = () => {
    if (isKept || replica.all("device") === null || replica.state().pulledAt === null) return;
    isKept = true; // once a start
    void keepRegistered()
      .then(() => checkInTheEvening())
      .catch(() => (isKept = false));
  };
  replica.subscribe("device", keep);
  replica.subscribe("state", keep);
  keep();
  document.addEventListener("visibilitychange", () => {
    if (isKept && !document.hidden) void checkInTheEvening().catch(() => undefined);
  });
  useSession.subscribe((session, before) => {
    if (session.userId === before.userId) return;
    isKept = false;
    told = ""; // what the worker knew went with the one who was here
    void readFacts();
  });
  if (!hasWorkers()) return;
  useRinger.subscribe(({ rings }, { rings: before }) => {
    const still = new Set(rings.filter((ring) => ring.phase === "ringing").map((ring) => ring.id));
    for (const { id, phase } of before) {
      if (phase === "ringing" && !still.has(id)) void closeRing(id).catch(() => undefined);
    }
  });
  navigator.serviceWorker.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = readWorkerMessage(event.data);
    if (message === null) return;
    if (message.type === "open") navigate(message.path);
    if (message.type === "update_waits") useWorker.setState({ isUpdateHeld: true });
    for (const listener of listeners) listener(message);
  });
  navigator.serviceWorker.startMessages();
  const tell = () => {
    const known = knownNow(locale());
    if (known === null || JSON.stringify(known) === told) return;
    told = JSON.stringify(known);
    void changeKnown(known).catch(() => (told = ""));
  };
  replica.subscribe("settings", tell);
  replica.subscribe("device", tell);
  tell();
}

function knownNow(locale: string): Partial<Known> | null {
  const settings = replica.all("settings")?.[0]?.fields;
  const devices = replica.all("device");
  if (devices === null) return null;
  const chosen = settings?.hour_cycle ?? "auto";
  return {
    locale: settings?.language ?? (locale as Locale),
    hourCycle: chosen === "auto" ? regionalHourCycle(navigator.language) : chosen,
    hidesLabel: settings?.hide_label_on_lock_screen ?? false,
    deviceNames: Object.fromEntries(devices.map((device) => [device.id, device.fields.name])),
  };
}
