// Rings by day.
import { expect, test } from "vitest";
import { byDay } from "./byDay";

test("rings of one day stand together, in the order in which they came", () => {
  const [late, early, before] = ["2026-11-02T22:00:00+01:00", "2026-11-02T07:00:00+01:00", "2026-11-01T07:00:00+01:00"].map(
    (local) => ({ local }),
  ) as [{ local: string }, { local: string }, { local: string }];

  expect(byDay([late, early, before])).toEqual([
    ["2026-11-02", [late, early]],
    ["2026-11-01", [before]],
  ]);
});

test("a ring belongs to the day of its own zone, whatever the day elsewhere", () => {
  expect(byDay([{ local: "2026-11-03T00:30:00+13:00" }]).map(([day]) => day)).toEqual(["2026-11-03"]);
});
