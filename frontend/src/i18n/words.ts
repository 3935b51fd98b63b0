// Loads the words of a language: those of the daily path with the app, all others with the first screen that needs them.
import { i18n, type Messages } from "@lingui/core";
import type { Locale } from "./locale";

type Catalog = { readonly messages: Messages };
type Load = () => Promise<Catalog>;

const DAILY = ["app", "session", "today", "alarms", "ringing", "ui", "replica", "sound"];
const catalogs = import.meta.glob<Catalog>("../*/locales/*.po");

const loaded = new Set<"daily" | "more">(["daily"]);

/** Switch to a language: everything that was loaded so far is loaded in it before the switch shows. */
export async function speak(locale: Locale): Promise<void> {
  i18n.load(
    locale,
    Object.assign({}, ...((await Promise.all([...loaded].map((part) => read(locale, part)))) as Messages[])),
  );
  i18n.activate(locale);
  document.documentElement.lang = locale;
}

/** The words of the screens beyond the daily path; await it beside the screen's own code. */
export async function loadMoreWords(): Promise<void> {
  if (loaded.has("more")) return;
  const locale = i18n.locale as Locale;
  i18n.load(locale, await read(locale, "more"));
  loaded.add("more");
  if (i18n.locale !== locale) await speak(i18n.locale as Locale);
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
