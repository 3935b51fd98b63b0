// Everything that runs beside the screens for push: the worker, its messages, and what it must know to do without us.
import { navigate } from "../app/router";
import type { Locale } from "../i18n/locale";
import { replica } from "../replica/replica";
import { regionalHourCycle } from "../ui/clock";
import { useSession } from "../session/store";
import { checkInTheEvening } from "./evening";
import { watchFacts } from "./facts";
import { changeKnown, type Known } from "./known";
import { readWorkerMessage, type WorkerMessage } from "./messages";
import { hasWorkers, registerWorker, useWorker } from "./registration";
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
    if (session.userId !== before.userId) isKept = false;
  });
  if (!hasWorkers()) return;
  navigator.serviceWorker.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = readWorkerMessage(event.data);
    if (message === null) return;
    if (message.type === "open") navigate(message.path);
    if (message.type === "update_waits") useWorker.setState({ isUpdateHeld: true });
    for (const listener of listeners) listener(message);
  });
  navigator.serviceWorker.startMessages();
  let told = "";
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
    locale: locale as Locale,
    hourCycle: chosen === "auto" ? regionalHourCycle(navigator.language) : chosen,
    hidesLabel: settings?.hide_label_on_lock_screen ?? false,
    deviceNames: Object.fromEntries(devices.map((device) => [device.id, device.fields.name])),
  };
}
