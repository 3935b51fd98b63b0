// Nights as points in a chart over weeks: one a day, the day on which one woke up. Pure.
import { minuteOfDay, modulo } from "./nightClock";
import type { SeriesNight } from "./types";

export interface TrendPoint {
  readonly date: string;
  /** Everything slept that day, naps too. */
  readonly asleepMinutes: number;
  readonly bedMinute: number;
  readonly inBedMinutes: number;
  readonly efficiency: number;
  readonly night: SeriesNight;
}

const DAY = 1440;

/** One a night, named after its morning. */
export function trendPoints(series: readonly SeriesNight[]): readonly TrendPoint[] {
  return series.map((night) => ({
    date: night.date,
    asleepMinutes: night.total_sleep_time_minutes + night.nap_minutes,
    bedMinute: minuteOfDay(night.start_local),
    inBedMinutes: night.time_in_bed_minutes,
    efficiency: night.sleep_efficiency,
    night,
  }));
}

/** The date so many days after another; before it when negative. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The dates from `days` days ago to `today`, oldest first. */
export function datesUpTo(today: string, days: number): readonly string[] {
  return Array.from({ length: days }, (_, index) => dateAfter(today, index - days + 1));
}

export interface ClockSpan {
  /** Minutes after `origin`, unwrapped: getting up is always later than going to bed. */
  readonly from: number;
  readonly to: number;
}

export interface ClockAxis {
  /** The minute of the day at which the axis begins to count. */
  readonly origin: number;
  readonly low: number;
  readonly high: number;
  readonly spans: readonly ClockSpan[];
}

/**
 * Bed and wake times on one axis. It is cut at the time of day farthest from the usual middle of sleep, so that nobody's
 * night is torn at midnight, nor at noon for those who sleep by day.
 */
export function clockAxis(points: readonly TrendPoint[]): ClockAxis {
  const origin = Math.round(modulo(meanMinute(points.map((one) => one.bedMinute + one.inBedMinutes / 2)) - DAY / 2, DAY));
  const spans = points.map(({ bedMinute, inBedMinutes }): ClockSpan => {
    const middle = modulo(bedMinute + inBedMinutes / 2 - origin, DAY);
    return { from: middle - inBedMinutes / 2, to: middle + inBedMinutes / 2 };
  });
  const hour = (value: number, by: (n: number) => number) => by((value + origin) / 60) * 60 - origin;
  return {
    origin,
    low: hour(Math.min(...spans.map(({ from }) => from), DAY / 2 - 60), Math.floor),
    high: hour(Math.max(...spans.map(({ to }) => to), DAY / 2 + 60), Math.ceil),
    spans,
  };
}

/** The mean on the clock: 23:30 and 00:30 meet at midnight. Times that balance out have none: then noon, arbitrarily. */
export function meanMinute(minutes: readonly number[]): number {
  const turn = (2 * Math.PI) / DAY;
  const east = minutes.reduce((sum, one) => sum + Math.cos(one * turn), 0);
  const north = minutes.reduce((sum, one) => sum + Math.sin(one * turn), 0);
  return Math.hypot(east, north) < 1e-9 ? DAY / 2 : modulo(Math.atan2(north, east) / turn, DAY);
}
