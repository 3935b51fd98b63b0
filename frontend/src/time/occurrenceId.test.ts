import fc from "fast-check";
import { expect, test } from "vitest";
import { instantToText, occurrenceId, parseOccurrenceId } from "./occurrenceId";

const ALARM = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f";
const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });

test("an occurrence's id is its alarm and its instant, and reads back", () => {
  expect(occurrenceId(ALARM, Date.parse("2026-12-01T06:00:00Z"))).toBe(`${ALARM}:20261201T060000Z`);
  fc.assert(
    fc.property(seconds, (second) => {
      expect(parseOccurrenceId(occurrenceId(ALARM, second * 1000))).toEqual({ alarmId: ALARM, atMs: second * 1000 });
    }),
  );
});

test.each([
  "",
  ALARM,
  `${ALARM}:20261201T060000`,
  `${ALARM}:20261201T060000Z\n`,
  `${ALARM}:20260230T060000Z`,
  `${ALARM}:20261201T240000Z`,
  `${ALARM}:20261201T066000Z`,
  `${ALARM}:00000101T060000Z`,
  `${ALARM.toUpperCase()}:20261201T060000Z`,
  `nap:20261201T060000Z`,
])("%j is no occurrence's id", (text) => {
  expect(parseOccurrenceId(text)).toBeNull();
});

test("an instant between two seconds, or of no year with four digits, has no id", () => {
  for (const atMs of [1, 0.5, NaN, Infinity, 253_402_300_800_000])
    expect(() => occurrenceId(ALARM, atMs)).toThrow(RangeError);
});

test("instants are written as the API writes them", () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (atMs) => {
      expect(instantToText(atMs)).toBe(new Date(atMs).toISOString());
    }),
  );
});
