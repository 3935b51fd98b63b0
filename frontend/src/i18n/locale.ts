// The languages the app speaks, and which one a device starts in.
export const LOCALES = ["en", "pt-BR", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** The person's choice, else the device's first language that we speak, else English. */
export function chooseLocale(chosen: string | null, preferred: readonly string[]): Locale {
  for (const tag of chosen ? [chosen, ...preferred] : preferred) {
    const language = tag.toLowerCase().split("-")[0];
    const found =
      LOCALES.find((locale) => locale.toLowerCase() === tag.toLowerCase()) ??
      LOCALES.find((locale) => locale.split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}
