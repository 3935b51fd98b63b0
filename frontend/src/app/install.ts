// Putting the app on the home screen: the browser's offer is kept until the person asks for it.
import { create } from "zustand";
import { keep, recall } from "../ui/deviceStore";

/** Chromium's event; other browsers have none. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: "accepted" | "dismissed" }>;
}

export interface Install {
  readonly offer: InstallPromptEvent | null;
  /** It runs from the home screen now, or was put there a moment ago. */
  readonly isInstalled: boolean;
  /** The person has said "not now"; null until the disk was read. */
  readonly isDeclined: boolean | null;
}

export const useInstall = create<Install>()(() => ({ offer: null, isInstalled: isStandalone(), isDeclined: null }));

/** Listen from the start: the browser makes its offer once. */
export function keepInstallOffer(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    useInstall.setState({ offer: event as InstallPromptEvent });
  });
  addEventListener("appinstalled", () => useInstall.setState({ offer: null, isInstalled: true }));
  void recall<boolean>("install-declined").then((isDeclined = false) => useInstall.setState({ isDeclined }));
}

/** Ask the browser. An offer is good for one question. */
export async function install(): Promise<void> {
  const { offer } = useInstall.getState();
  if (!offer) return;
  useInstall.setState({ offer: null });
  const { outcome } = await offer.prompt();
  if (outcome === "dismissed") decline();
}

export function decline(): void {
  useInstall.setState({ isDeclined: true });
  void keep("install-declined", true);
}

/** An iPhone or iPad in a browser: there only the person can do it, and only then notifications work. */
export function isAppleTouch(): boolean {
  const isIpad = navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1;
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || isIpad;
}

function isStandalone(): boolean {
  if (typeof matchMedia === "undefined") return false;
  return matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);
}
