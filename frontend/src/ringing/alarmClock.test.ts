// The device's own alarm clock: never early, on time, and back on its feet after a sleep.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAlarmClock, LONGEST_WAIT_MS, type Timed } from "./alarmClock";
import { FakeTime } from "./fakeTime";

const START = Date.UTC(2026, 11, 1, 6);
const MINUTE = 60_000;

function setUp(time = new FakeTime(START)) {
  const rang: { ringAt: number; now: number }[] = [];
  const soon: number[] = [];
  const clock = createAlarmClock<Timed>(
    time,
    (dues) => dues.forEach((due) => rang.push({ ringAt: due.ringAt, now: time.now() })),
    () => soon.push(time.now()),
  );
  return { time, clock, rang, soon };
}

describe("the device's own alarm clock", () => {
  it("rings at its instant, and makes the sound ready five seconds before", () => {
    const { time, clock, rang, soon } = setUp();
    clock.arm([{ ringAt: START + 8 * 60 * MINUTE }]);
    time.pass(8 * 60 * MINUTE - 1);
    expect(rang).toEqual([]);
    expect(soon).toEqual([START + 8 * 60 * MINUTE - 5_000]);
    time.pass(1);
    expect(rang).toEqual([{ ringAt: START + 8 * 60 * MINUTE, now: START + 8 * 60 * MINUTE }]);
  });

  it("never waits longer than half a minute, so that a clock that was set is noticed", () => {
    const { time, clock } = setUp();
    clock.arm([{ ringAt: START + 60 * MINUTE }]);
    for (let step = 0; step < 50; step += 1) {
      expect(time.longestWait).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      time.pass(MINUTE);
    }
  });

  it("does not ring early when timers run early", () => {
    const { time, clock, rang } = setUp();
    time.lag = -2;
    clock.arm([{ ringAt: START + MINUTE }]);
    time.pass(2 * MINUTE);
    expect(rang[0]!.now).toBe(START + MINUTE);
  });

  it("follows the server's clock when the correction changes", () => {
    const { time, clock, rang } = setUp();
    clock.arm([{ ringAt: START + 10 * MINUTE }]);
    time.offset = 3 * MINUTE;
    time.pass(7 * MINUTE - 1);
    expect(rang).toEqual([]);
    time.pass(1);
    expect(rang).toHaveLength(1);
  });

  it("rings at once, late, when the page was frozen over its instant", () => {
    const { time, clock, rang } = setUp();
    clock.arm([{ ringAt: START + MINUTE }]);
    time.freeze();
    time.pass(20 * MINUTE);
    time.thaw();
    expect(rang).toEqual([{ ringAt: START + MINUTE, now: START + 20 * MINUTE }]);
  });

  it("rings each once, and only what it was armed for last", () => {
    const { time, clock, rang } = setUp();
    clock.arm([{ ringAt: START + MINUTE }, { ringAt: START + MINUTE }]);
    clock.arm([{ ringAt: START + 2 * MINUTE }]);
    time.pass(5 * MINUTE);
    expect(rang).toHaveLength(1);
    clock.stop();
    expect(time.waiting).toBe(0);
  });

  it("is never early and at most as late as its timers, whatever drifts and jumps", () => {
    const day = fc.record({
      rings: fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 5 }),
      steps: fc.array(
        fc.record({ pass: fc.integer({ min: 1, max: 90_000 }), offset: fc.integer({ min: -500, max: 500 }) }),
        { maxLength: 10 },
      ),
      lag: fc.integer({ min: -3, max: 100 }),
    });
    fc.assert(
      fc.property(day, ({ rings, steps, lag }) => {
        const { time, clock, rang } = setUp();
        time.lag = lag;
        clock.arm(rings.map((ms) => ({ ringAt: START + ms })));
        for (const step of steps) {
          time.pass(step.pass);
          time.offset = step.offset;
          clock.check();
        }
        time.pass(800_000);
        expect(rang).toHaveLength(rings.length);
        for (const one of rang) {
          expect(one.now).toBeGreaterThanOrEqual(one.ringAt);
          expect(one.now - one.ringAt).toBeLessThanOrEqual(1_000 + Math.max(0, lag) + 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
