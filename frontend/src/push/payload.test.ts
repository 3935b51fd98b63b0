// What is read from a push message, and what is not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { components } from "../api/schema";
import { parsePush } from "./payload";

const RING = {
  type: "ring" as const,
  occurrence: {
    id: "a:20261201T060000Z",
    alarm_id: "a",
    label: "Work",
    at: "2026-12-01T06:00:00.000Z",
    local: "2026-12-01T07:00:00+01:00",
    state: "ringing" as const,
    ring_count: 1,
    snoozed_until: null,
    answered_by: null,
    reason: null,
    early: null,
  },
  alarm: {
    id: "a",
    label: "Work",
    ring: { sound: "sunrise" as const, ramp_seconds: 60, vibrate: true, challenge: "none" as const, timeout_minutes: 10 },
    snooze: { minutes: 9, limit: 3 },
    snoozes_left: 3,
  },
  rung: 0,
  answer: { url: "https://alarm.example/api/v1/occurrences/a:20261201T060000Z", token: "t" },
} satisfies components["schemas"]["AnswerablePush"];

describe("a push message", () => {
  it("gives all that a ring needs", () => {
    const message = parsePush(JSON.stringify(RING));
    expect(message).toMatchObject({
      type: "ring",
      occurrence: { id: "a:20261201T060000Z", state: "ringing", ringCount: 1 },
      alarm: { label: "Work", snoozeMinutes: 9, snoozesLeft: 3, challenge: "none", vibrate: true, timeoutMinutes: 10 },
      rung: 0,
      answer: { token: "t" },
    });
  });

  it("rings with what is missing filled in", () => {
    const bare = { type: "ring", occurrence: { id: "x", at: "2026-12-01T06:00:00Z", label: "Tea" } };
    expect(parsePush(JSON.stringify(bare))).toMatchObject({
      alarm: { label: "Tea", snoozesLeft: 0, challenge: "none" },
      answer: null,
    });
  });

  it.each([null, "", "{", "null", "[]", '"ring"', '{"type":"other"}', '{"type":"ring"}', '{"type":"ring","occurrence":[]}'])(
    "is nothing when it reads %s",
    (text) => expect(parsePush(text)).toBeNull(),
  );

  it("is read without an error whatever it holds", () => {
    fc.assert(fc.property(fc.json(), (text) => parsePush(text) === null));
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom("id", "at", "label", "snooze", "ring") }), (part) => {
        parsePush(JSON.stringify({ type: "ring", occurrence: part, alarm: part, answer: part, device: part }));
      }),
    );
  });
});
