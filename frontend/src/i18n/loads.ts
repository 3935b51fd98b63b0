// Where the words of each language and part are: one file each.
import type { Messages } from "@lingui/core";
import type { Locale } from "./locale";

export type Part = "daily" | "door" | "more" | "nights";
type Load = () => Promise<{ readonly messages: Messages }>;

export const LOADS: Readonly<Record<Part, Readonly<Record<Locale, Load>>>> = {
  daily: {
    en: () => import("./words-daily-en"),
    "pt-BR": () => import("./words-daily-pt-BR"),
    es: () => import("./words-daily-es"),
  },
  door: {
    en: () => import("./words-door-en"),
    "pt-BR": () => import("./words-door-pt-BR"),
    es: () => import("./words-door-es"),
  },
  more: {
    en: () => import("./words-more-en"),
    "pt-BR": () => import("./words-more-pt-BR"),
    es: () => import("./words-more-es"),
  },
  nights: {
    en: () => import("./words-nights-en"),
    "pt-BR": () => import("./words-nights-pt-BR"),
    es: () => import("./words-nights-es"),
  },
};
