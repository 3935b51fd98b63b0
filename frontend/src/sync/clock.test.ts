import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clocksFarAndNear, NOW_MS } from "../../tests/sync/arbitraries";
import {
  AHEAD_ALLOWED_MS,
  clampAll,
  formatClock,
  greatest,
  isAhead,
  isClientId,
  isExpired,
  KEPT_FOR_MS,
  parseClock,
  tick,
  type Stamp,
} from "./clock";

const clientIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const stamps = fc.record({
  ms: fc.integer({ min: 0, max: 9_999_999_999_999 }),
  counter: fc.integer({ min: 0, max: 0xffff }),
  clientId: clientIds,
});
const pushes = fc.array(clocksFarAndNear, { maxLength: 10 });
const maybeSeen = fc.option(clocksFarAndNear);

/** A clock without its client: one tick is never in the place of another that was seen. */
const placeOf = (clock: string): string => clock.slice(0, 18);
const at = (ms: number): string => formatClock({ ms, counter: 0, clientId: "a" });

function isBefore(one: Stamp, other: Stamp): boolean {
  if (one.ms !== other.ms) return one.ms < other.ms;
  return one.counter !== other.counter ? one.counter < other.counter : one.clientId < other.clientId;
}

describe("a clock", () => {
  test("reads back from its text, and sorts as text as its parts do", () => {
    fc.assert(
      fc.property(stamps, stamps, (one, other) => {
        expect(parseClock(formatClock(one))).toEqual(one);
        expect(formatClock(one) < formatClock(other)).toBe(isBefore(one, other));
      }),
    );
  });

  test.each([
    [-1, 0, "a"],
    [10 ** 13, 0, "a"],
    [1.5, 0, "a"],
    [NaN, 0, "a"],
    [0, 0x10000, "a"],
    [0, -1, "a"],
    [0, 0, ""],
    [0, 0, "a b"],
    [0, 0, "x".repeat(65)],
  ])("of ms %s, counter %s and client %j has no text", (ms, counter, clientId) => {
    expect(() => formatClock({ ms, counter, clientId })).toThrow(RangeError);
  });

  test("may be five minutes ahead of the server, and not a millisecond more", () => {
    const limit = NOW_MS + AHEAD_ALLOWED_MS;
    expect([isAhead(at(limit), NOW_MS), isAhead(at(limit + 1), NOW_MS)]).toEqual([false, true]);
  });

  test("expires when it is older than 90 days", () => {
    const limit = NOW_MS - KEPT_FOR_MS;
    expect([isExpired(at(limit), NOW_MS), isExpired(at(limit - 1), NOW_MS)]).toEqual([false, true]);
  });

  test("that is none is an error where one is needed", () => {
    expect(() => isAhead("never", NOW_MS)).toThrow(RangeError);
    expect(() => tick("a", NOW_MS, "never")).toThrow(RangeError);
  });

  test("has a client id of 1 to 64 plain characters", () => {
    expect(["a", "A-z_9", "x".repeat(64)].every(isClientId)).toBe(true);
    expect(["", "x".repeat(65), "a b", "a:b", "é", "a\n"].some(isClientId)).toBe(false);
  });
});

describe("a tick", () => {
  test("is later than all that was seen and not before now", () => {
    fc.assert(
      fc.property(clientIds, maybeSeen, (clientId, seen) => {
        const ticked = tick(clientId, NOW_MS, seen);
        expect(parseClock(ticked)!.clientId).toBe(clientId);
        expect(parseClock(ticked)!.ms).toBeGreaterThanOrEqual(NOW_MS);
        if (seen) expect(placeOf(seen) < placeOf(ticked)).toBe(true);
      }),
    );
  });

  test("cuts a fraction of a millisecond off now", () => {
    expect(tick("a", NOW_MS + 0.9, null)).toBe(at(NOW_MS));
  });

  test("does not exist after the last clock", () => {
    expect(() => tick("a", NOW_MS, "9999999999999-ffff-a")).toThrow(RangeError);
  });
});

test("the greatest of no clocks is none", () => {
  expect([greatest([]), greatest([null, undefined]), greatest([null, at(2), at(1)])]).toEqual([null, null, at(2)]);
});

describe("a clamp", () => {
  test("touches only what is ahead, keeps names, and puts it after all that is seen and all that stays", () => {
    fc.assert(
      fc.property(pushes, maybeSeen, (sent, seen) => {
        const stays = sent.filter((clock) => !isAhead(clock, NOW_MS));
        clampAll(sent, NOW_MS, seen).forEach((after, place) => {
          const before = sent[place]!;
          expect(parseClock(after)!.clientId).toBe(parseClock(before)!.clientId);
          if (!isAhead(before, NOW_MS)) expect(after).toBe(before);
          else expect([...stays, ...(seen ? [seen] : [])].every((other) => placeOf(other) < placeOf(after))).toBe(true);
        });
      }),
    );
  });

  test("keeps order and equality", () => {
    fc.assert(
      fc.property(pushes, maybeSeen, (sent, seen) => {
        const kept = clampAll(sent, NOW_MS, seen);
        for (const [i, one] of sent.entries()) {
          for (const [j, other] of sent.entries()) {
            expect(kept[i]! < kept[j]!).toBe(one < other);
            expect(kept[i] === kept[j]).toBe(one === other);
          }
        }
      }),
    );
  });

  test("does not depend on the order of the push", () => {
    fc.assert(
      fc.property(pushes, maybeSeen, (sent, seen) => {
        const turned = [...sent].reverse();
        expect(clampAll(turned, NOW_MS, seen).reverse()).toEqual(clampAll(sent, NOW_MS, seen));
      }),
    );
  });
});
