// What an alarm is for. The server takes any short name; these are the ones that have a picture and a word.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export const CATEGORIES = ["work", "school", "exercise", "medication", "family", "travel", "other"] as const;
/** Given to naps alone, so that those that are over can be cleared away. */
export const NAP = "nap";
export type Category = (typeof CATEGORIES)[number] | typeof NAP;

export function isCategory(name: string): name is Category {
  return name === NAP || (CATEGORIES as readonly string[]).includes(name);
}

/** One of another program's making is shown as it is written. */
export function categoryInWords(i18n: I18n, name: string): string {
  if (!isCategory(name)) return name;
  switch (name) {
    case "work":
      return i18n._(msg`Work`);
    case "school":
      return i18n._(msg`School`);
    case "exercise":
      return i18n._(msg`Exercise`);
    case "medication":
      return i18n._(msg`Health and medicine`);
    case "family":
      return i18n._(msg`Family`);
    case "travel":
      return i18n._(msg`Travel`);
    case "nap":
      return i18n._(msg`Nap`);
    case "other":
      return i18n._(msg`Other`);
  }
}
