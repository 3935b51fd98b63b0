// Where things stand in a chart: hours along a night, dates along weeks, round numbers up the side. Pure.
import { minuteOfDay, wallAt } from "../nightClock";

export interface Tick {
  /** Of the whole width or height, 0 to 1. */
  readonly at: number;
  readonly value: number;
}

export interface HourTick {
  readonly at: number;
  readonly wall: string;
}

const HOUR = 3_600_000;
const STEPS = [1, 2, 3, 4, 6, 12] as const;

/** Full hours of the wall clock between two instants, as many as have `room` pixels each. */
export function hourTicks(startMs: number, endMs: number, zone: string, width: number, room = 64): readonly HourTick[] {
  if (endMs <= startMs || width <= 0) return [];
  const hours = (endMs - startMs) / HOUR;
  const step = STEPS.find((one) => (hours / one) * room <= width) ?? 12;
  const intoHour = minuteOfDay(wallAt(startMs, zone)) % 60;
  const first = startMs + ((60 - intoHour) % 60) * 60_000;
  const ticks: HourTick[] = [];
  for (let at = first; at <= endMs && ticks.length < 48; at += HOUR) {
    const wall = wallAt(at, zone);
    if (Math.floor(minuteOfDay(wall) / 60) % step === 0) ticks.push({ at: (at - startMs) / (endMs - startMs), wall });
  }
  return ticks;
}

/** Round values from `low` to `high`, both included where they are round, `count` at most. */
export function valueTicks(low: number, high: number, steps: readonly number[], count: number): readonly Tick[] {
  const step = steps.find((one) => (high - low) / one <= count - 1) ?? steps.at(-1) ?? 1;
  const ticks: Tick[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high && ticks.length < 50; value += step) {
    ticks.push({ at: (value - low) / (high - low), value });
  }
  return ticks;
}

/** Every so many of `count` places, from the last one backwards, so that the newest is always named. */
export function placesToName(count: number, width: number, room = 72): readonly number[] {
  if (count <= 0 || width <= 0) return [];
  const step = Math.max(1, Math.ceil((count * room) / width));
  const places: number[] = [];
  for (let place = count - 1; place >= 0; place -= step) places.unshift(place);
  return places;
}
