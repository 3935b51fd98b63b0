// Nights over weeks: dates, and times around the clock.
import { expect, test } from "vitest";
import { clockAxis, dateAfter, datesUpTo, meanMinute, type TrendPoint } from "./trendPoints";
import type { SeriesNight } from "./types";

const point = (bed: string, inBedMinutes: number): TrendPoint => ({
  date: "2026-11-21",
  asleepMinutes: inBedMinutes - 30,
  bedMinute: Number(bed.slice(0, 2)) * 60 + Number(bed.slice(3)),
  inBedMinutes,
  efficiency: 0.9,
  night: {} as SeriesNight,
});

test("23:30 and 00:30 meet at midnight, not at noon", () => {
  expect(meanMinute([1410, 30])).toBeCloseTo(0);
  expect(meanMinute([360, 1080])).toBe(720); // they balance out: any answer is arbitrary, but there is one
});

test("a night is not torn at midnight", () => {
  const { origin, spans } = clockAxis([point("23:30", 450), point("00:30", 450)]);
  const [early, late] = spans;
  expect(late!.from - early!.from).toBeCloseTo(60);
  expect(early!.to - early!.from).toBeCloseTo(450);
  expect((early!.from + origin) % 1440).toBeCloseTo(1410);
});

test("nor at noon, for those who sleep by day", () => {
  const { low, high, spans } = clockAxis([point("08:00", 480), point("11:30", 420)]);
  for (const { from, to } of spans) {
    expect(from).toBeGreaterThanOrEqual(low);
    expect(to).toBeLessThanOrEqual(high);
    expect(to).toBeGreaterThan(from);
  }
  expect(high - low).toBeLessThan(16 * 60);
});

test("days go over the ends of months, and the last one is today", () => {
  expect(dateAfter("2026-03-01", -1)).toBe("2026-02-28");
  expect(datesUpTo("2026-11-02", 3)).toEqual(["2026-10-31", "2026-11-01", "2026-11-02"]);
});
