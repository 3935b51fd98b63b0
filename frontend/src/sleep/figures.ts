// Figures of a night as text: minutes, shares, and how far off they may be. Pure.
import { formatDuration } from "../ui/clock";
import type { Quality, SleepSession } from "./types";

/** "7 h 12 min"; whole minutes. */
export function minutesText(minutes: number): string {
  return formatDuration(Math.round(minutes) * 60_000);
}

/** "91 %" as the language writes it. */
export function percentText(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** Hours and minutes apart, for big numerals. */
export function hoursAndMinutes(minutes: number): { readonly hours: number; readonly minutes: number } {
  const whole = Math.max(0, Math.round(minutes));
  return { hours: Math.floor(whole / 60), minutes: whole % 60 };
}

export type UncertainFigure = "total_sleep_time_minutes" | "waso_minutes" | "deep_minutes" | "rem_minutes";

/** By how many minutes a figure may be off either way, in 95 of 100 nights; null where nobody has measured that. */
export function marginOf(quality: Quality | null, figure: UncertainFigure): number | null {
  const known = quality?.uncertainty[figure];
  return known === undefined ? null : Math.max(Math.abs(known.low), Math.abs(known.high));
}

/** For how many days this server keeps a night, by one that it keeps; null where there is none to tell. */
export function daysKept(nights: readonly Pick<SleepSession, "end" | "kept_until">[]): number | null {
  const [night] = nights;
  return night ? Math.round((Date.parse(night.kept_until) - Date.parse(night.end)) / 86_400_000) : null;
}
