// Where hours, dates and values stand.
import { expect, test } from "vitest";
import { hourTicks, placesToName, valueTicks } from "./scale";

const at = (text: string) => Date.parse(text);
const times = (ticks: readonly { wall: string }[]) => ticks.map(({ wall }) => wall.slice(11, 16));

test("full hours of the wall clock are named, as many as there is room for", () => {
  const [start, end] = [at("2026-11-21T22:40:00Z"), at("2026-11-22T06:40:00Z")];
  expect(times(hourTicks(start, end, "Europe/Madrid", 700))).toEqual([
    "00:00",
    "01:00",
    "02:00",
    "03:00",
    "04:00",
    "05:00",
    "06:00",
    "07:00",
  ]);
  expect(times(hourTicks(start, end, "Europe/Madrid", 240))).toEqual(["00:00", "03:00", "06:00"]);
  expect(hourTicks(start, end, "Europe/Madrid", 240)[0]?.at).toBeCloseTo(20 / 480);
});

test("in a zone at half an hour the hours are those of its clock", () => {
  const ticks = hourTicks(at("2026-11-21T18:00:00Z"), at("2026-11-21T21:00:00Z"), "Asia/Kolkata", 600);
  expect(times(ticks)).toEqual(["00:00", "01:00", "02:00"]);
});

test("on the night on which the clock goes back, an hour is named twice", () => {
  const ticks = hourTicks(at("2026-10-24T23:30:00Z"), at("2026-10-25T03:30:00Z"), "Europe/Madrid", 900);
  expect(times(ticks)).toEqual(["02:00", "02:00", "03:00", "04:00"]);
});

test("nothing is named in a night without length or a chart without width", () => {
  expect(hourTicks(5, 5, "UTC", 100)).toEqual([]);
  expect(hourTicks(0, 9, "UTC", 0)).toEqual([]);
  expect(placesToName(0, 100)).toEqual([]);
});

test("values are round, and few", () => {
  expect(valueTicks(0, 600, [60, 120, 240], 5).map(({ value }) => value)).toEqual([0, 240, 480]);
  expect(valueTicks(50, 100, [25], 5)).toEqual([
    { at: 0, value: 50 },
    { at: 0.5, value: 75 },
    { at: 1, value: 100 },
  ]);
});

test("the newest day is always named", () => {
  expect(placesToName(30, 300, 100)).toEqual([9, 19, 29]);
  expect(placesToName(3, 1000, 100)).toEqual([0, 1, 2]);
});
