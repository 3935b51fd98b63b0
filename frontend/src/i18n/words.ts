// Loads the words of a language in parts: the daily path's with the app, those of signing in, of nights and of all others with
// the first screen that needs them.
import { i18n, type Messages } from "@lingui/core";
import { LOADS, type Part } from "./loads";
import type { Locale } from "./locale";

const loaded = new Set<Part>(["daily"]);
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

/** The words of a part beyond the daily path; await it beside the screen's own code. */
export async function loadWords(part: Exclude<Part, "daily">): Promise<void> {
  if (loaded.has(part)) return;
  loaded.add(part); // from here on a switch of language brings these too
  try {
    await load(wanted ?? (i18n.locale as Locale), [part]);
  } catch (error) {
    loaded.delete(part);
    throw error;
  }
}

/** Those of everything but the daily path and signing in. */
export function loadMoreWords(): Promise<void> {
  return loadWords("more");
}

async function load(locale: Locale, parts: readonly Part[]): Promise<void> {
  const catalogs = await Promise.all(parts.map((part) => LOADS[part][locale]()));
  i18n.load(locale, Object.assign({}, ...catalogs.map(({ messages }) => messages)) as Messages);
}
