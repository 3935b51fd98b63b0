// Times, days and durations as a person reads them. Pure: wall times come in as text, Intl only words them.
import type { ZoneTable } from "../replica/types";

export type HourCycle = "h12" | "h23";
export type FirstWeekday = "auto" | "monday" | "sunday" | "saturday";
export type Weekday = (typeof WEEKDAYS)[number];

/** How a person wants times written. */
export interface ClockStyle {
  readonly locale: string;
  readonly hourCycle: HourCycle;
}

/** The days as RRULE names them, Monday first. */
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2024-01-01 was a Monday. */
const A_MONDAY = Date.UTC(2024, 0, 1);

/** Seconds east of UTC at an instant, by the pulled table; beyond its end the last offset goes on. */
export function offsetAt(atMs: number, zone: ZoneTable): number {
  const found = zone.find(([untilMs]) => atMs < untilMs) ?? zone.at(-1);
  if (!found) throw new RangeError("A zone table has at least one row.");
  return found[1];
}

/** The wall time of an instant in a zone, such as `2026-12-01T07:00:00`. */
export function localOf(atMs: number, zone: ZoneTable): string {
  return wallText(atMs + offsetAt(atMs, zone) * 1000);
}

/** The wall time on this device's own clock. Only for what is about the device itself, such as when it last synced. */
export function deviceLocalOf(atMs: number): string {
  return wallText(atMs - new Date(atMs).getTimezoneOffset() * MINUTE);
}

/** "7:05 AM" or "07:05". `local` is a wall time, with or without an offset: `2026-12-01T07:05:00+01:00`, or just `07:05`. */
export function formatTime(local: string, { locale, hourCycle }: ClockStyle): string {
  return format(locale, timeOptions(hourCycle)).format(wallMs(local));
}

/** The same in two parts, for big numerals: `{time: "7:05", period: "AM"}`; no period in 24 hours. */
export function timeParts(local: string, { locale, hourCycle }: ClockStyle): { time: string; period: string | null } {
  const parts = format(locale, timeOptions(hourCycle)).formatToParts(wallMs(local));
  const period = parts.find((part) => part.type === "dayPeriod")?.value ?? null;
  const time = parts
    .filter((part) => part.type !== "dayPeriod")
    .map((part) => part.value)
    .join("")
    .trim();
  return { time, period };
}

/** "Today", "Tomorrow", "Thursday" within the week, else "Tue, 1 Dec". Both are wall times or dates of one zone. */
export function formatDay(local: string, todayLocal: string, locale: string): string {
  const days = daysBetween(todayLocal, local);
  if (Math.abs(days) <= 1) return capitalized(relative(locale).format(days, "day"), locale);
  if (days > 1 && days < 7) return capitalized(format(locale, { weekday: "long" }).format(wallMs(local)), locale);
  return formatDate(local, locale, todayLocal);
}

/** "Tue, 1 Dec", with the year when it is another one than today's. */
export function formatDate(local: string, locale: string, todayLocal: string = local): string {
  const isOtherYear = local.slice(0, 4) !== todayLocal.slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  return capitalized(format(locale, isOtherYear ? { ...options, year: "numeric" } : options).format(wallMs(local)), locale);
}

/** "7 h 20 min", "20 min", "2 d 3 h"; minutes are rounded up, so that "0 min" never stands for something yet to come. */
export function formatDuration(ms: number): string {
  return units(ms)
    .map(({ count, unit }) => `${count} ${SYMBOLS[unit]}`)
    .join(" ");
}

/** The same in words, for screen readers: "7 hours 20 minutes". */
export function sayDuration(ms: number, locale: string): string {
  return units(ms)
    .map(({ count, unit }) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count))
    .join(" ");
}

/** "4:59" below an hour, "1:04:59" above: for what is watched running down. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "5 minutes ago", "2 hours ago", "yesterday"; below a minute "now". */
export function formatAgo(ms: number, locale: string): string {
  if (ms < MINUTE) return relative(locale).format(0, "second");
  if (ms < HOUR) return relative(locale).format(-Math.floor(ms / MINUTE), "minute");
  if (ms < DAY) return relative(locale).format(-Math.floor(ms / HOUR), "hour");
  return relative(locale).format(-Math.floor(ms / DAY), "day");
}

/** Whole days from one wall date to another; negative when `local` lies before. */
export function daysBetween(fromLocal: string, local: string): number {
  return Math.round((wallMs(local.slice(0, 10)) - wallMs(fromLocal.slice(0, 10))) / DAY);
}

/** "Monday" (long), "Mon" (short) or "M" (narrow). */
export function weekdayName(day: Weekday, locale: string, width: "long" | "short" | "narrow" = "long"): string {
  return format(locale, { weekday: width }).format(A_MONDAY + WEEKDAYS.indexOf(day) * DAY);
}

/** The days of the week in the person's order; `auto` follows the region of the device's language. */
export function weekdayOrder(first: FirstWeekday, deviceLocale: string): readonly Weekday[] {
  const start = { auto: regionalStart(deviceLocale), monday: 0, saturday: 5, sunday: 6 }[first];
  return [...WEEKDAYS.slice(start), ...WEEKDAYS.slice(0, start)];
}

/** What `auto` means on a device: 12 hours with AM and PM, or 24. */
export function regionalHourCycle(deviceLocale: string): HourCycle {
  const used = new Intl.DateTimeFormat(deviceLocale, { hour: "numeric" }).resolvedOptions().hourCycle;
  return used === "h11" || used === "h12" ? "h12" : "h23";
}

/** Of a time zone's name, what people read: "America/Sao_Paulo" is "Sao Paulo". */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

const SYMBOLS = { day: "d", hour: "h", minute: "min" } as const;

function units(ms: number): { count: number; unit: keyof typeof SYMBOLS }[] {
  const minutes = Math.max(0, Math.ceil(ms / MINUTE));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (d > 0) return [{ count: d, unit: "day" as const }, ...(h > 0 ? [{ count: h, unit: "hour" as const }] : [])];
  if (h > 0) return [{ count: h, unit: "hour" as const }, ...(m > 0 ? [{ count: m, unit: "minute" as const }] : [])];
  return [{ count: m, unit: "minute" }];
}

/** A wall time as if it were UTC: only to count with and to hand to Intl, which is told UTC too. */
function wallMs(local: string): number {
  const whole = local.includes("-") && local.length >= 10 ? local : `2024-01-01T${local}`;
  const ms = Date.parse(whole.length === 10 ? `${whole}T00:00:00Z` : `${whole.slice(0, 19)}Z`);
  if (Number.isNaN(ms)) throw new RangeError(`Not a wall time: ${local}`);
  return ms;
}

function wallText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function timeOptions(hourCycle: HourCycle): Intl.DateTimeFormatOptions {
  return { hour: hourCycle === "h12" ? "numeric" : "2-digit", minute: "2-digit", hourCycle };
}

function regionalStart(deviceLocale: string): number {
  const locale = new Intl.Locale(deviceLocale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const firstDay = locale.getWeekInfo?.().firstDay ?? locale.weekInfo?.firstDay;
  if (firstDay !== undefined) return (firstDay + 6) % 7;
  return ["US", "BR", "MX", "CA", "CO", "PE"].includes(locale.maximize().region ?? "") ? 6 : 0; // a browser without week data
}

/** Making a formatter costs a millisecond; a list of alarms needs the same one many times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" })));
  return found;
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relative(locale: string): Intl.RelativeTimeFormat {
  let found = relatives.get(locale);
  if (!found) relatives.set(locale, (found = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })));
  return found;
}

function capitalized(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
