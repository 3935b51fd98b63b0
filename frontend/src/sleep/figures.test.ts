// Figures as text, what a figure still waits for, and wall times of the past.
import { expect, test } from "vitest";
import { daysKept, hoursAndMinutes, marginOf, minutesText, percentText } from "./figures";
import { latestNight } from "./latestNight";
import { missing } from "./missing";
import { clockOf, minuteOfDay, wallAt } from "./nightClock";
import { bucketsOf, linePath } from "./signal";
import type { Quality } from "./types";

test("minutes are rounded to whole ones and never to 60", () => {
  expect(minutesText(419.6)).toBe("7 h");
  expect(minutesText(431.4)).toBe("7 h 11 min");
  expect(hoursAndMinutes(419.6)).toEqual({ hours: 7, minutes: 0 });
  expect(minutesText(0)).toBe("0 min");
});

test("a share is written as the language does", () => {
  expect(percentText(0.914, "en")).toBe("91%");
  expect(percentText(0.914, "es")).toMatch(/^91\s%$/);
});

test("a figure may be off by the farther of its limits, and where nobody measured that, nothing is said", () => {
  const quality = { uncertainty: { total_sleep_time_minutes: { bias: 6, low: -41.7, high: 54.6 } } } as unknown as Quality;
  expect(marginOf(quality, "total_sleep_time_minutes")).toBe(54.6);
  expect(marginOf(quality, "deep_minutes")).toBeNull();
  expect(marginOf(null, "deep_minutes")).toBeNull();
});

test("below the nights it needs, a figure says how many there are of how many", () => {
  const needs = { nights: 4, free_nights: 2, work_nights: 0 };
  expect(missing({ nights: 3, status: "not_enough_nights", needs })).toEqual({ kind: "nights", have: 3, need: 7 });
  expect(missing({ nights: 9, status: "not_enough_nights", needs: { ...needs, nights: 0 } }).kind).toBe("free");
  expect(missing({ nights: 9, status: "not_enough_nights", needs: null }).kind).toBe("unknown");
});

test("wall times are those of the night's zone, before and after the change to winter time", () => {
  expect(wallAt(Date.parse("2026-10-24T22:00:00Z"), "Europe/Madrid")).toBe("2026-10-25T00:00:00");
  expect(wallAt(Date.parse("2026-10-25T22:00:00Z"), "Europe/Madrid")).toBe("2026-10-25T23:00:00");
  expect(wallAt(Date.parse("2026-10-25T22:00:00Z"), "Not/AZone")).toBe("2026-10-25T22:00:00");
});

test("clock times go round", () => {
  expect(clockOf(-30)).toBe("23:30");
  expect(clockOf(1439.7)).toBe("00:00");
  expect(minuteOfDay("2026-10-25T23:30:30")).toBe(1410.5);
});

test("a signal is drawn by stretches, broken where nothing was measured", () => {
  const buckets = bucketsOf([60, 62, null, null, 70, 72], 3);
  expect(buckets.map(({ mean }) => mean)).toEqual([61, null, 71]);
  expect(linePath(buckets, 30, (value) => value)).toBe("M5 61M25 71");
  expect(bucketsOf([], 5)).toEqual([]);
});

test("how long nights are kept is read from one that is kept", () => {
  expect(daysKept([{ end: "2026-11-22T06:00:00.000Z", kept_until: "2027-02-20T06:00:00.000Z" }])).toBe(90);
  expect(daysKept([])).toBeNull();
});

test("a nap does not take the place of the night before it, unless there is none", () => {
  const night = { start: "2026-11-21T22:00:00.000Z", end: "2026-11-22T06:00:00.000Z", state: "finished" } as const;
  const nap = { start: "2026-11-22T13:00:00.000Z", end: "2026-11-22T13:30:00.000Z", state: "finished" } as const;
  const tonight = { start: "2026-11-22T22:00:00.000Z", end: "2026-11-22T22:10:00.000Z", state: "recording" } as const;
  expect(latestNight([tonight, nap, night])).toBe(night);
  expect(latestNight([tonight, nap])).toBe(nap);
  expect(latestNight([tonight])).toBeUndefined();
});
