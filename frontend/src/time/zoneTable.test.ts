import { describe, expect, test } from "vitest";
import { textToWall } from "./wall";
import { instantToLocal, localToInstant, offsetAt, type ZoneTable } from "./zoneTable";

const at = (text: string): number => Date.parse(text);
const wall = (text: string): number => textToWall(text)!;

const SPRING = at("2027-03-28T01:00:00Z");
const AUTUMN = at("2027-10-31T01:00:00Z");
const HORIZON = at("2028-01-01T00:00:00Z");
const MADRID: ZoneTable = [
  [SPRING, 3600],
  [AUTUMN, 7200],
  [HORIZON, 3600],
];

describe("a wall time becomes its instant", () => {
  test.each([
    ["the last second before a gap", "2027-03-28T01:59:59", "2027-03-28T00:59:59Z"],
    ["the first second of a gap moves later by its length", "2027-03-28T02:00:00", "2027-03-28T01:00:00Z"],
    ["so does its middle", "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"],
    ["and its last second", "2027-03-28T02:59:59", "2027-03-28T01:59:59Z"],
    ["the first second after a gap", "2027-03-28T03:00:00", "2027-03-28T01:00:00Z"],
    ["the last second before an overlap", "2027-10-31T01:59:59", "2027-10-30T23:59:59Z"],
    ["of an overlap the earlier instant", "2027-10-31T02:00:00", "2027-10-31T00:00:00Z"],
    ["to its last second", "2027-10-31T02:59:59", "2027-10-31T00:59:59Z"],
    ["the first second after an overlap", "2027-10-31T03:00:00", "2027-10-31T02:00:00Z"],
  ])("%s", (_, local, instant) => {
    expect(localToInstant(wall(local), MADRID)).toBe(at(instant));
  });

  test("a whole day can be skipped: it moves to the next", () => {
    const apia: ZoneTable = [
      [at("2011-12-30T10:00:00Z"), -36_000],
      [at("2012-04-01T00:00:00Z"), 50_400],
    ];
    expect(localToInstant(wall("2011-12-30T07:00:00"), apia)).toBe(at("2011-12-30T17:00:00Z"));
  });
});

describe("past the horizon nothing is said", () => {
  test("of an offset", () => {
    expect([offsetAt(MADRID, HORIZON - 1), offsetAt(MADRID, HORIZON)]).toEqual([3600, null]);
  });

  test("of a wall time, to the second", () => {
    const walls = ["2028-01-01T00:59:59", "2028-01-01T01:00:00"].map((text) => localToInstant(wall(text), MADRID));
    expect(walls).toEqual([HORIZON - 1000, null]);
  });

  test("of one that a gap moves past it", () => {
    const short: ZoneTable = [
      [SPRING, 3600],
      [SPRING + 60_000, 7200],
    ];
    expect(localToInstant(wall("2027-03-28T02:30:00"), short)).toBeNull();
  });

  test("and an empty table says nothing at all", () => {
    expect([offsetAt([], 0), localToInstant(0, [])]).toEqual([null, null]);
  });
});

test("a local time is written with its offset, in both directions and to the second where it has any", () => {
  expect(instantToLocal(SPRING, 7200)).toBe("2027-03-28T03:00:00+02:00");
  expect(instantToLocal(SPRING, 0)).toBe("2027-03-28T01:00:00+00:00");
  expect(instantToLocal(SPRING, -12_600)).toBe("2027-03-27T21:30:00-03:30");
  expect(instantToLocal(SPRING, -2670)).toBe("2027-03-28T00:15:30-00:44:30");
});
