// Which language this device speaks: the person's setting, else the choice made here before signing in, else the device's own.
import { chooseLocale, type Locale } from "../i18n/locale";
import { changeLook, type Look } from "../ui/look";

export function wantedLocale(look: Partial<Look>): Locale {
  return chooseLocale(look.language ?? look.deviceLanguage ?? null, navigator.languages);
}

/** Choose before there are settings: on the sign-in screen. */
export function chooseDeviceLanguage(locale: Locale): void {
  changeLook({ deviceLanguage: locale, language: null });
}
