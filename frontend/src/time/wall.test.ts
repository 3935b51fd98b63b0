import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_SECONDS, dateToDay, dayToDate, textToWall, wallToText, weekdayOf } from "./wall";

const days = fc.integer({ min: -719_162, max: 2_932_896 }); // 0001-01-01 to 9999-12-31

describe("a date", () => {
  test("has the day's number that the calendar gives it, and reads back", () => {
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * DAY_SECONDS * 1000);
        expect(dayToDate(day)).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
        expect(dateToDay(...dayToDate(day))).toBe(day);
        expect(weekdayOf(day)).toBe((date.getUTCDay() + 6) % 7);
      }),
    );
  });
});

describe("a wall time", () => {
  test("is written as it is read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: textToWall("2200-12-31T23:59:59")! }), (wall) => {
        expect(wallToText(wall)).toBe(new Date(wall * 1000).toISOString().slice(0, 19));
        expect(textToWall(wallToText(wall))).toBe(wall);
      }),
    );
  });

  test.each([
    "2026-02-29T07:00:00",
    "2026-13-01T07:00:00",
    "2026-00-10T07:00:00",
    "2026-01-00T07:00:00",
    "2026-01-01T24:00:00",
    "2026-01-01T07:60:00",
    "2026-01-01T07:00:60",
    "1969-12-31T23:59:59",
    "2201-01-01T00:00:00",
    "2026-01-01T07:00",
    "2026-01-01T07:00:00Z",
    "2026-01-01T07:00:00\n",
    " 2026-01-01T07:00:00",
    "",
    7,
    null,
    undefined,
  ])("is not %j", (text) => {
    expect(textToWall(text)).toBeNull();
  });

  test("may be on 29 February, where there is one", () => {
    expect([textToWall("2028-02-29T07:00:00"), textToWall("2100-02-29T07:00:00")]).toEqual([expect.any(Number), null]);
  });
});
