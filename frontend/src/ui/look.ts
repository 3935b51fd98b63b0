// How the app looks on this device: kept here so that the first picture is already right, then follows the settings.
import { create } from "zustand";
import type { Preferences } from "../api/types";
import { keep, recall } from "./deviceStore";

/** The settings that change the picture. They stay after sign-out: whoever needs larger text needs it to sign in. */
export interface Look extends Pick<
  Preferences,
  "theme" | "language" | "hour_cycle" | "reduced_motion" | "high_contrast" | "larger_text" | "simplified_mode"
> {
  /** Chosen on this device before anybody signed in. */
  readonly deviceLanguage: Preferences["language"];
}

const FIELDS = [
  "theme",
  "language",
  "hour_cycle",
  "reduced_motion",
  "high_contrast",
  "larger_text",
  "simplified_mode",
  "deviceLanguage",
] as const;

/** Paper of both themes, for the bar that the system draws around the page; as in tokens.css. */
const PAPER = { light: "#f7f5f1", dark: "#11141b" };

export const useLook = create<{ readonly look: Partial<Look> }>()(() => ({ look: {} }));

/** Read what this device showed last; never rejects. */
export async function recallLook(): Promise<Partial<Look>> {
  const look = (await recall<Partial<Look>>("look")) ?? {};
  useLook.setState({ look });
  applyLook(look);
  return look;
}

/** Change the look of this device at once, and remember it. */
export function changeLook(change: Partial<Look>): void {
  const before = useLook.getState().look;
  if (FIELDS.every((name) => !(name in change) || before[name] === change[name])) return;
  const look = { ...before, ...pick(change) };
  useLook.setState({ look });
  applyLook(look);
  void keep("look", look);
}

/** Put the look on the page, where the style sheets find it. */
export function applyLook(look: Partial<Look>): void {
  const root = document.documentElement;
  const theme = look.theme === "light" || look.theme === "dark" ? look.theme : systemTheme();
  root.dataset["theme"] = theme;
  root.dataset["contrast"] = (look.high_contrast ?? false) || matches("(prefers-contrast: more)") ? "high" : "normal";
  root.dataset["text"] = look.larger_text ? "larger" : "normal";
  root.dataset["motion"] = look.reduced_motion ? "reduced" : "normal";
  root.dataset["simple"] = String(look.simplified_mode ?? false);
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.removeAttribute("media");
    meta.setAttribute("content", PAPER[theme]);
  }
}

/** The system may change its mind at dusk. Returns how to stop. */
export function followSystemLook(): () => void {
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  const follow = () => applyLook(useLook.getState().look);
  for (const query of queries) query.addEventListener("change", follow);
  return () => {
    for (const query of queries) query.removeEventListener("change", follow);
  };
}

function systemTheme(): "light" | "dark" {
  return matches("(prefers-color-scheme: dark)") ? "dark" : "light";
}

function matches(query: string): boolean {
  return matchMedia(query).matches;
}

function pick(change: Partial<Look>): Partial<Look> {
  return Object.fromEntries(FIELDS.filter((name) => name in change).map((name) => [name, change[name]]));
}
