// "Are you up?" is asked after an alarm of this night was dismissed, and only then.
import { expect, it } from "vitest";
import { dismissedSince } from "./dismissed";

const START = Date.UTC(2027, 0, 1, 22);
const one = (change: object) => ({
  fields: { alarm_id: "a" as string | null, at: "2027-01-02T07:00:00Z", state: "dismissed" as const, ...change },
});

it.each([
  ["an alarm of the morning", {}, 1],
  ["one before the night began", { at: "2027-01-01T21:00:00Z" }, 0],
  ["one that was snoozed", { state: "snoozed" }, 0],
  ["a test of notifications", { alarm_id: null }, 0],
])("counts %s as %o says", (_, change, count) => {
  expect(dismissedSince([one(change)], START)).toBe(count);
});
