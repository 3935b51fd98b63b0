// The preview's lines.
import { describe, expect, it } from "vitest";
import { toRings } from "./rings";

const schedule = (start: string, rrule: string | null, rdates: string[] = []) => ({
  schedule: { start, rrule, exdates: [], rdates },
});
const item = (local: string) => ({ id: local, atMs: 0, local, status: "will_ring" as const, reason: null });
const lines = (local: string, fields: Parameters<typeof toRings>[1]) => {
  const shown = toRings({ items: [item(local)], end: "count" }, fields);
  return shown.type === "rings" ? shown.rings : [];
};

describe("a ring of the preview", () => {
  it("that the clocks move on names the time they leave out", () => {
    expect(lines("2026-03-29T03:30:00+02:00", schedule("2026-01-01T02:30:00", "FREQ=DAILY"))[0]?.movedFrom).toBe(
      "2026-03-29T02:30:00",
    );
    expect(lines("2026-03-30T02:30:00+02:00", schedule("2026-01-01T02:30:00", "FREQ=DAILY"))[0]?.movedFrom).toBeNull();
  });
  it("of an added date or a rule with hours of its own was not moved", () => {
    expect(
      lines("2026-03-30T09:00:00+02:00", schedule("2026-01-01T07:00:00", "FREQ=DAILY", ["2026-03-30T09:00:00"]))[0]
        ?.movedFrom,
    ).toBeNull();
    expect(
      lines("2026-03-30T19:00:00+02:00", schedule("2026-01-01T07:00:00", "FREQ=DAILY;BYHOUR=7,19"))[0]?.movedFrom,
    ).toBeNull();
  });
  it("in a zone without a table is unknown", () => {
    expect(toRings("unknown_zone", schedule("2026-01-01T07:00:00", null))).toEqual({ type: "unknown_zone" });
  });
});
