// Loads the words of a language: those of the daily path with the app, all others with the first screen that needs them.
import { i18n, type Messages } from "@lingui/core";
import type { Locale } from "./locale";

interface Catalog {
  readonly messages: Messages;
}
type Load = () => Promise<Catalog>;

const DAILY = ["app", "session", "today", "alarms", "ringing", "ui", "replica", "sound"];
const catalogs = import.meta.glob<Catalog>("../*/locales/*.po");

const loaded = new Set<"daily" | "more">(["daily"]);

let wanted: Locale | null = null;

/** Switch to a language: everything that was loaded so far is loaded in it before the switch shows. */
export async function speak(locale: Locale): Promise<void> {
  if (locale === wanted) return;
  const before = wanted;
  wanted = locale;
  try {
    await load(locale, [...loaded]);
  } catch (error) {
    wanted = before; // offline and not kept here: the language on screen stays
    throw error;
  }
  if (wanted !== locale) return; // chosen again while this one was loading
  i18n.activate(locale);
  document.documentElement.lang = locale;
}

/** The words of the screens beyond the daily path; await it beside the screen's own code. */
export async function loadMoreWords(): Promise<void> {
  if (loaded.has("more")) return;
  loaded.add("more"); // from here on a switch of language brings these too
  try {
    await load(wanted ?? (i18n.locale as Locale), ["more"]);
  } catch (error) {
    loaded.delete("more");
    throw error;
  }
}

async function load(locale: Locale, parts: readonly ("daily" | "more")[]): Promise<void> {
  const messages = await Promise.all(parts.map((part) => read(locale, part)));
  i18n.load(locale, Object.assign({}, ...messages) as Messages);
}

async function read(locale: Locale, part: "daily" | "more"): Promise<Messages> {
  const loads: Load[] = [];
  for (const [path, load] of Object.entries(catalogs)) {
    const feature = path.split("/")[1] ?? "";
    if (path.endsWith(`/${locale}.po`) && DAILY.includes(feature) === (part === "daily")) loads.push(load);
  }
  return Object.assign(
    {},
    ...(await Promise.all(loads.map((load) => load()))).map((catalog) => catalog.messages),
  ) as Messages;
}
