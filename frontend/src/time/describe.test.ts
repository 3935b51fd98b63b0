import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ruleToShape, shapeToRule, type Ending, type Shape } from "./describe";
import { Expansion } from "./expansion";
import { isRuleError, parseRule } from "./rule";
import { textToWall, wallToText } from "./wall";

const START = "2026-12-01T07:00:00"; // a Tuesday
const NEVER: Ending = { type: "never" };

describe("a rule has the shape that says it in full", () => {
  test.each<[string | null, Shape]>([
    [null, { type: "once" }],
    ["FREQ=DAILY", { type: "daily", interval: 1, ending: NEVER }],
    ["FREQ=DAILY;INTERVAL=3", { type: "daily", interval: 3, ending: NEVER }],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", { type: "daily", interval: 1, ending: NEVER }],
    ["FREQ=WEEKLY;BYDAY=FR,MO,TU,WE,TH", { type: "weekdays", ending: NEVER }],
    ["FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", { type: "weekdays", ending: NEVER }],
    ["FREQ=WEEKLY;WKST=SU;BYDAY=SU,SA", { type: "weekends", ending: NEVER }],
    ["FREQ=WEEKLY", { type: "weekly", interval: 1, weekdays: [1], ending: NEVER }],
    [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
      { type: "weekly", interval: 2, weekdays: [0, 1, 2, 3, 4], ending: NEVER },
    ],
    ["FREQ=MONTHLY", { type: "monthly_by_date", interval: 1, monthDay: 1, ending: NEVER }],
    ["FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", { type: "monthly_by_date", interval: 2, monthDay: -1, ending: NEVER }],
    ["FREQ=MONTHLY;BYDAY=2TU", { type: "monthly_by_weekday", interval: 1, nth: 2, weekday: 1, ending: NEVER }],
    ["FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", { type: "monthly_by_weekday", interval: 1, nth: -1, weekday: 4, ending: NEVER }],
    ["FREQ=YEARLY", { type: "yearly", interval: 1, month: 12, monthDay: 1, ending: NEVER }],
    ["FREQ=YEARLY;BYMONTH=5", { type: "yearly", interval: 1, month: 5, monthDay: 1, ending: NEVER }],
    [
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
      { type: "yearly", interval: 4, month: 2, monthDay: 29, ending: NEVER },
    ],
    ["FREQ=DAILY;COUNT=10", { type: "daily", interval: 1, ending: { type: "count", count: 10 } }],
    ["FREQ=DAILY;UNTIL=20261231", { type: "daily", interval: 1, ending: { type: "until", until: "2026-12-31T23:59:59" } }],
  ])("%s", (rrule, shape) => {
    expect(ruleToShape(rrule, START)).toEqual(shape);
  });
});

describe("a rule that no shape says in full is custom:", () => {
  test.each([
    "FREQ=OFTEN",
    "FREQ=DAILY;BYHOUR=7,8",
    "FREQ=DAILY;BYMINUTE=30",
    "FREQ=DAILY;BYMONTH=1",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
    "FREQ=DAILY;UNTIL=20261231T000000Z",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
    "FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=1",
    "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    "FREQ=MONTHLY;BYDAY=MO",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYMONTH=1,2;BYDAY=1MO",
    "FREQ=YEARLY;BYMONTHDAY=5",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1",
  ])("%s", (rrule) => {
    expect(ruleToShape(rrule, START)).toEqual({ type: "custom" });
  });
});

const ending: fc.Arbitrary<Ending> = fc.oneof(
  fc.constant(NEVER),
  fc.record({ type: fc.constant("count" as const), count: fc.integer({ min: 1, max: 999 }) }),
  fc.record({ type: fc.constant("until" as const), until: fc.integer({ min: 0, max: 4e9 }).map(wallToText) }),
);
const interval = fc.integer({ min: 1, max: 999 });
const monthDay = fc.integer({ min: 1, max: 31 });
const weekday = fc.integer({ min: 0, max: 6 });
const shapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant<Shape>({ type: "once" }),
  fc.record({ type: fc.constant("daily" as const), interval, ending }),
  fc.record({ type: fc.constantFrom("weekdays" as const, "weekends" as const), ending }),
  fc.record({
    type: fc.constant("weekly" as const),
    interval: fc.integer({ min: 2, max: 999 }),
    weekdays: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
    ending,
  }),
  fc.record({ type: fc.constant("monthly_by_date" as const), interval, monthDay, ending }),
  fc.record({
    type: fc.constant("monthly_by_weekday" as const),
    interval,
    nth: fc.constantFrom(1, 2, 3, 4, 5, -1),
    weekday,
    ending,
  }),
  fc.record({ type: fc.constant("yearly" as const), interval, month: fc.integer({ min: 1, max: 12 }), monthDay, ending }),
);

test("every shape has a rule, and the rule has that shape", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      expect(ruleToShape(shapeToRule(shape), START)).toEqual(shape);
    }),
  );
});

/** The first wall times of a rule from a start on. */
function wallTimes(rrule: string, start: string): string[] {
  const rule = parseRule(rrule);
  if (isRuleError(rule)) throw new Error(rule.code);
  const found: string[] = [];
  for (const wall of new Expansion(rule, textToWall(start)!).wallTimes(0)) {
    found.push(wallToText(wall));
    if (found.length === 12) break;
  }
  return found;
}

describe("a rule and the rule of its shape ring at the same times", () => {
  const rules = [
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=3",
    "FREQ=DAILY;BYDAY=SA,SU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2",
    "FREQ=MONTHLY;BYDAY=5TH",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=4",
    "FREQ=WEEKLY;WKST=SU;BYDAY=SU,MO,TU;COUNT=7",
    "FREQ=DAILY;UNTIL=20270105",
  ];
  const starts = [START, "2024-02-29T23:59:59", "2026-01-31T00:00:00", "2026-11-29T06:30:00"];
  test.each(rules.flatMap((rrule) => starts.map((start) => [rrule, start] as const)))("%s from %s", (rrule, start) => {
    const shape = ruleToShape(rrule, start);
    if (shape.type === "custom") throw new Error("no shape");
    expect(wallTimes(shapeToRule(shape)!, start)).toEqual(wallTimes(rrule, start));
  });
});
