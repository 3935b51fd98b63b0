import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRuleError, parseRule, type Rule, type RuleErrorCode } from "./rule";
import { wallToText } from "./wall";

function ruleOf(text: string): Rule {
  const read = parseRule(text);
  if (isRuleError(read)) throw new Error(`${text}: ${read.code}`);
  return read;
}

describe("a rule", () => {
  test("is read with its lists sorted and each value once", () => {
    expect(
      ruleOf("freq=yearly;bymonth=12,1,12;bymonthday=-1,+5;byday=FR,2TU,MO;bysetpos=-1,1;byhour=7,6;byminute=30"),
    ).toEqual({
      text: "FREQ=YEARLY;BYMONTH=12,1,12;BYMONTHDAY=-1,+5;BYDAY=FR,2TU,MO;BYSETPOS=-1,1;BYHOUR=7,6;BYMINUTE=30",
      frequency: "YEARLY",
      interval: 1,
      count: null,
      untilLocal: null,
      untilAtMs: null,
      weekStart: 0,
      weekdays: [0, 4],
      ordinalWeekdays: [[1, 2]],
      monthDays: [-1, 5],
      months: [1, 12],
      positions: [-1, 1],
      hours: [6, 7],
      minutes: [30],
    });
  });

  test("ends at a wall time, with a bare date meaning that whole day, or at an instant", () => {
    expect(wallToText(ruleOf("FREQ=DAILY;UNTIL=20261231T070000").untilLocal!)).toBe("2026-12-31T07:00:00");
    expect(wallToText(ruleOf("FREQ=DAILY;UNTIL=20261231").untilLocal!)).toBe("2026-12-31T23:59:59");
    const { untilAtMs, untilLocal } = ruleOf("FREQ=DAILY;UNTIL=20261231T070000Z");
    expect([untilAtMs, untilLocal]).toEqual([Date.parse("2026-12-31T07:00:00Z"), null]);
  });
});

describe("what is wrong is told by a code, the part, and the bounds of numbers:", () => {
  test.each<[string, RuleErrorCode, string | null, [number, number] | null]>([
    ["", "not_parts", null, null],
    [`FREQ=DAILY;BYHOUR=${"1,".repeat(300)}1`, "too_long", null, null],
    ["RRULE:FREQ=DAILY", "has_prefix", null, null],
    ["FREQ=DAILY;BYEASTER=1", "unknown_part", "BYEASTER", null],
    ["FREQ=DAILY;INTERVAL", "not_a_pair", "INTERVAL", null],
    ["FREQ=DAILY;", "not_a_pair", null, null],
    ["FREQ=DAILY;FREQ=DAILY", "given_twice", "FREQ", null],
    ["INTERVAL=2", "no_frequency", "FREQ", null],
    ["FREQ=HOURLY", "sub_daily", "FREQ", null],
    ["FREQ=OFTEN", "unknown_frequency", "FREQ", null],
    ["FREQ=DAILY;INTERVAL=1000", "not_in_range", "INTERVAL", [1, 999]],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "not_signed_in_range", "BYMONTHDAY", [-31, 31]],
    ["FREQ=WEEKLY;BYDAY=XX", "not_days", "BYDAY", null],
    ["FREQ=WEEKLY;WKST=XX", "not_a_weekday", "WKST", null],
    ["FREQ=DAILY;UNTIL=20260230", "not_a_time", "UNTIL", null],
    ["FREQ=DAILY;UNTIL=00000101", "not_a_time", "UNTIL", null],
    ["FREQ=DAILY;COUNT=1;UNTIL=20260201", "count_with_until", "COUNT", null],
    ["FREQ=WEEKLY;BYDAY=1MO", "numbered_day", "BYDAY", null],
    ["FREQ=DAILY;BYSETPOS=1", "positions_alone", "BYSETPOS", null],
    ["FREQ=DAILY;INTERVAL=0;BYHOUR=99", "not_in_range", "INTERVAL", [1, 999]],
  ])("%s", (text, code, part, range) => {
    expect(parseRule(text)).toEqual({ code, part, range });
  });

  test("no text makes it fail", () => {
    const pieces = fc.constantFrom(
      "FREQ",
      "=",
      "DAILY",
      ";",
      "BYDAY",
      "MO",
      ",",
      "-1",
      "COUNT",
      "99999999999",
      "UNTIL",
      "Z",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 12 }).map((found) => found.join("")),
        ),
        (text) => {
          expect(() => parseRule(text)).not.toThrow();
        },
      ),
    );
  });
});
