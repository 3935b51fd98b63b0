// An alarm of another zone is told by the person's own wall, with its zone's time beside it.
import { describe, expect, it } from "vitest";
import { wallOf, type Place } from "./wall";

const atMs = Date.parse("2026-11-22T22:14:00Z");
const FOREVER = Number.MAX_SAFE_INTEGER;
const clock: Place = {
  zone: "Europe/Madrid",
  zones: { "Europe/Madrid": [[FOREVER, 3600]], "Asia/Tokyo": [[FOREVER, 9 * 3600]] },
};

describe("the wall time of a ring", () => {
  it("is the person's own, and the day is theirs too; the other zone's stands beside it", () => {
    expect(wallOf({ atMs, local: "2026-11-23T07:14:00+09:00", zone: "Asia/Tokyo" }, clock)).toEqual({
      here: "2026-11-22T23:14:00",
      there: { local: "2026-11-23T07:14:00+09:00", city: "Tokyo" },
    });
  });
  it("is told once where both walls say the same, or the alarm follows the person", () => {
    const local = "2026-11-22T23:14:00+01:00";
    expect(wallOf({ atMs, local, zone: "Europe/Paris" }, clock).there).toBeNull();
    expect(wallOf({ atMs, local, zone: null }, clock).there).toBeNull();
  });
  it("stays as it is stored while the person's zone is not known here", () => {
    const local = "2026-11-22T23:14:00+01:00";
    expect(wallOf({ atMs, local, zone: null }, { zone: null, zones: {} })).toEqual({ here: local, there: null });
  });
});
