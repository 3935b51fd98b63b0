// The bedside clock promises a sound only when one will come.
import { describe, expect, it } from "vitest";
import { burnInShift, judgeNight, type Night } from "./verdict";

const GOOD: Night = {
  nextAt: 1,
  audio: "unlocked",
  role: "always",
  battery: { level: 0.9, isCharging: false },
  clockOffsetMs: 40,
  isScreenKeptOn: true,
};

describe("the verdict", () => {
  it("is that it will sound, without a warning, when all is well", () => {
    expect(judgeNight(GOOD)).toEqual({ verdict: "will_sound", warnings: [] });
    expect(judgeNight({ ...GOOD, battery: null, clockOffsetMs: null })).toEqual({ verdict: "will_sound", warnings: [] });
  });

  it("says that there is nothing to ring rather than promise", () => {
    expect(judgeNight({ ...GOOD, nextAt: null }).verdict).toBe("nothing_to_ring");
  });

  it.each([
    [{ audio: "locked" }, "audio_locked"],
    [{ audio: "unavailable" }, "audio_unavailable"],
    [{ role: "never", nextAt: null }, "never_rings"],
  ] as const)("is that it will not sound with %o", (change, warning) => {
    expect(judgeNight({ ...GOOD, ...change })).toEqual({ verdict: "will_not_sound", warnings: [warning] });
  });

  it.each([
    [{ battery: { level: 0.29, isCharging: false } }, ["battery_low"]],
    [{ battery: { level: 0.3, isCharging: false } }, []],
    [{ battery: { level: 0.05, isCharging: true } }, []],
    [{ clockOffsetMs: -2_001 }, ["clock_off"]],
    [{ clockOffsetMs: 2_000 }, []],
    [{ isScreenKeptOn: false }, ["screen_may_sleep"]],
  ] as const)("still sounds, and warns, with %o", (change, warnings) => {
    expect(judgeNight({ ...GOOD, ...change })).toEqual({ verdict: "will_sound", warnings });
  });
});

describe("the place of the clock", () => {
  it("moves every minute, visits many places within two hours, and stays close to its own", () => {
    const places = new Set<string>();
    for (let minute = 0; minute < 120; minute += 1) {
      const { x, y } = burnInShift(minute * 60_000);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(12);
      expect(burnInShift(minute * 60_000 + 59_999)).toEqual({ x, y });
      places.add(`${x} ${y}`);
    }
    expect(places.size).toBe(64);
  });
});
