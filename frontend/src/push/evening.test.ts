// When the app looks after this device's readiness by itself.
import { describe, expect, it } from "vitest";
import { isTimeToCheck } from "./evening";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

describe("the check of the evening before", () => {
  it.each([
    ["in the evening", 21, null, null, true],
    ["not at noon, with nothing to ring", 12, null, null, false],
    ["at noon, when it rings within twelve hours", 12, NOW + 11 * HOUR, null, true],
    ["not for a ring of the day after", 12, NOW + 20 * HOUR, null, false],
    ["not twice an evening", 22, NOW + 9 * HOUR, NOW - HOUR, false],
    ["again the next day", 21, NOW + 9 * HOUR, NOW - 24 * HOUR, true],
    ["also when the clock was set back meanwhile", 21, null, NOW + 5 * HOUR, true],
  ])("%s", (_, hour, next, checked, expected) => {
    expect(isTimeToCheck(NOW, hour, next, checked)).toBe(expected);
  });
});
