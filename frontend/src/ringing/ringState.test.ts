// The lattice: whatever order and however often news arrive, every device ends at the same place.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  begin,
  close,
  endsAt,
  forget,
  isKnown,
  NO_RINGS,
  passTime,
  rank,
  ringing,
  settle,
  shown,
  standingOf,
  type Ring,
  type RingContent,
  type RingState,
  type Standing,
} from "./ringState";

const NOON = Date.UTC(2026, 11, 1, 12);
const CONTENT: RingContent = {
  alarmId: "a",
  label: "Work",
  instructions: "",
  sound: "sunrise",
  rampSeconds: 60,
  vibrate: true,
  challenge: "none",
  timeoutMinutes: 10,
  snoozeMinutes: 9,
  snoozesLeft: 3,
};

function rung(id: string, ring: number, now = NOON, more: Partial<{ isTest: boolean; rung: number }> = {}) {
  return (state: RingState) => begin(state, { id, ring, dueAt: now, content: CONTENT, rung: 0, ...more }, now);
}

function stands(id: string, phase: Standing["phase"], ring = 1, snoozedUntil: number | null = null) {
  return (state: RingState) => settle(state, { id, phase, ring, snoozedUntil });
}

function run(...steps: ((state: RingState) => RingState)[]): RingState {
  return steps.reduce((state, step) => step(state), NO_RINGS);
}

const ids = (rings: readonly Ring[]) => rings.map((ring) => `${ring.id}${ring.ring}`);

describe("what rings", () => {
  it("rings once, however often and from wherever it is told", () => {
    const once = run(rung("x", 1));
    expect(rung("x", 1, NOON + 900)(once)).toBe(once);
  });

  it("does not ring again when the news of the ring come after its end", () => {
    expect(ids(ringing(run(rung("x", 1), stands("x", "dismissed"), rung("x", 1))))).toEqual([]);
    expect(ids(ringing(run(stands("x", "dismissed"), rung("x", 1))))).toEqual([]);
    expect(ids(ringing(run(stands("x", "snoozed", 1, NOON), rung("x", 1))))).toEqual([]);
  });

  it("rings again after a snooze, as a new ring", () => {
    expect(ids(ringing(run(rung("x", 1), stands("x", "snoozed", 1, NOON), rung("x", 2))))).toEqual(["x2"]);
  });

  it("is not revived by a late snooze of a dismissed ring", () => {
    expect(run(rung("x", 1), stands("x", "dismissed"), stands("x", "snoozed", 1, NOON)).get("x")?.phase).toBe("dismissed");
  });

  it("keeps the earlier end of two snoozes of one ring", () => {
    const state = run(rung("x", 1), stands("x", "snoozed", 1, NOON + 9), stands("x", "snoozed", 1, NOON + 5));
    expect(state.get("x")?.snoozedUntil).toBe(NOON + 5);
    expect(stands("x", "snoozed", 1, NOON + 7)(state)).toBe(state);
  });

  it("grows louder by the server's later calls, and never quieter", () => {
    const louder = run(rung("x", 1), rung("x", 1, NOON, { rung: 3 }), rung("x", 1, NOON, { rung: 1 }));
    expect((louder.get("x") as Ring).rung).toBe(3);
  });

  it("lists several rings in the order in which they began", () => {
    expect(ids(ringing(run(rung("y", 1, NOON + 5), rung("x", 1, NOON))))).toEqual(["x1", "y1"]);
  });
});

describe("time", () => {
  const state = run(rung("x", 1));
  const ring = state.get("x") as Ring;

  it("ends a ring after its time-out, not a millisecond before", () => {
    expect(passTime(state, endsAt(ring) - 1)).toBe(state);
    expect(passTime(state, endsAt(ring)).get("x")?.phase).toBe("timed_out");
  });

  it("shows that it was missed until the person has read it", () => {
    const over = passTime(state, endsAt(ring));
    expect(ids(shown(over))).toEqual(["x1"]);
    expect(shown(close(over, "x"))).toEqual([]);
  });

  it("rings again, timed out here, when it had been snoozed elsewhere", () => {
    expect(ids(ringing(rung("x", 2)(passTime(state, endsAt(ring)))))).toEqual(["x2"]);
  });

  it("forgets what is over and old, and nothing that rings", () => {
    const both = run(rung("x", 1), rung("y", 1), stands("y", "dismissed"));
    expect([...forget(both, NOON + 1).keys()]).toEqual(["x"]);
    expect(forget(both, NOON)).toBe(both);
  });

  it("forgets a test as soon as it was answered", () => {
    const test = run(rung("t", 1, NOON, { isTest: true }), stands("t", "dismissed"));
    expect(forget(test, 0).size).toBe(0);
  });
});

describe("any news in any order", () => {
  const phases = ["snoozed", "skipped", "missed", "dismissed", "timed_out"] as const;
  const step = fc.oneof(
    fc.record({
      type: fc.constant("ring" as const),
      ring: fc.integer({ min: 1, max: 4 }),
      rung: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({
      type: fc.constant("standing" as const),
      phase: fc.constantFrom(...phases),
      ring: fc.integer({ min: 1, max: 4 }),
      until: fc.integer({ min: 1, max: 5 }),
    }),
  );
  const play = (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) =>
    steps.reduce<RingState>(
      (state, one) =>
        one.type === "ring"
          ? begin(state, { id: "x", ring: one.ring, dueAt: NOON, content: CONTENT, rung: one.rung }, NOON)
          : settle(state, {
              id: "x",
              phase: one.phase,
              ring: one.ring,
              snoozedUntil: one.phase === "snoozed" ? one.until : null,
            }),
      NO_RINGS,
    );
  const place = (state: RingState) => {
    const one = state.get("x");
    return one && { rank: rank(one), until: one.phase === "snoozed" ? standingOf(one).snoozedUntil : null };
  };

  it("ends at the same place when shuffled and doubled", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat(20)), (steps, picks) => {
        const shuffled = [...steps, ...steps]
          .map((one) => ({ one, key: Number(picks.next().value) }))
          .sort((a, b) => a.key - b.key);
        expect(place(play(shuffled.map(({ one }) => one)))).toEqual(place(play(steps)));
      }),
    );
  });

  it("never goes down", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let before = -1;
        for (let count = 1; count <= steps.length; count += 1) {
          const now = rank(play(steps.slice(0, count)).get("x")!);
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        }
      }),
    );
  });

  it("knows every ring at or below its place", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (steps, ring) => {
        const state = play(steps);
        const after = begin(state, { id: "x", ring, dueAt: NOON, content: CONTENT, rung: 0 }, NOON);
        expect(isKnown(state, "x", ring)).toBe(after === state);
      }),
    );
  });
});
