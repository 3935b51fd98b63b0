// Everything that runs beside the screens for push: the worker, its messages, and what it must know to do without us.
import { navigate } from "../app/router";
import type { Locale } from "../i18n/locale";
import { replica } from "../replica/replica";
import { regionalHourCycle } from "../ui/clock";
import { changeKnown, type Known } from "./known";
import { readWorkerMessage, type WorkerMessage } from "./messages";
import { hasWorkers, registerWorker, useWorker } from "./registration";

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

/** Take the notifications of an occurrence off the screen: it was answered in the app. */
export async function closeNotifications(occurrenceId: string): Promise<void> {
  const shown = (await (await registerWorker())?.getNotifications({ tag: occurrenceId })) ?? [];
  for (const notification of shown) notification.close();
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
