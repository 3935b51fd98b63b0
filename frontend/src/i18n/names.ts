// What each language calls itself, for lists to choose from.
import type { Locale } from "./locale";

export const LOCALE_NAMES: Readonly<Record<Locale, string>> = {
  en: "English",
  "pt-BR": "Português (Brasil)",
  es: "Español",
};
