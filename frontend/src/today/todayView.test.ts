// What Today shows of what is stored.
import { describe, expect, it } from "vitest";
import { alarmOf } from "../alarms/fixtures";
import type { OccurrenceFields, Shown } from "../replica/types";
import { todayView } from "./todayView";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const HOUR = 3_600_000;

function occurrence(hours: number, fields: Partial<OccurrenceFields> = {}): Shown<"occurrence"> {
  const at = new Date(NOW + hours * HOUR).toISOString();
  return {
    kind: "occurrence",
    id: `a:${hours}`,
    isPending: false,
    fields: {
      alarm_id: "a",
      label: "A",
      at,
      local: `${at.slice(0, 19)}+00:00`,
      state: "pending",
      ring_count: 0,
      snoozed_until: null,
      answered_by: null,
      reason: null,
      status: "will_ring",
      ...fields,
    },
  };
}
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const view = (occurrences: readonly Shown<"occurrence">[], alarms = [alarmOf("a")]) =>
  todayView({ occurrences, alarms }, NOW);

describe("Today", () => {
  it("has the soonest ring that is not skipped as the next one, and lists 48 hours, skipped ones too", () => {
    const found = view([occurrence(49), occurrence(20), occurrence(5, { status: "skipped" }), occurrence(47)]);
    expect(found.next?.id).toBe("a:20");
    expect(ids(found.coming)).toEqual(["a:5", "a:20", "a:47"]);
    expect(found.coming[0]?.isSkipped).toBe(true);
  });
  it("leaves out what belongs to an alarm that is off or gone", () => {
    expect(view([occurrence(5)], [alarmOf("a", { enabled: false })])).toMatchObject({
      next: null,
      coming: [],
      switchedOff: 1,
    });
    expect(view([occurrence(5)], [])).toMatchObject({ next: null, hasAlarms: false });
  });
  it("tells what was missed or left out since yesterday, the latest first", () => {
    const found = view([
      occurrence(-40, { state: "missed" }),
      occurrence(-30, { state: "missed", status: null }),
      occurrence(-2, { state: "missed", status: null }),
      occurrence(-3, { state: "skipped", status: null }),
      occurrence(-1, { state: "dismissed", status: null }),
    ]);
    expect(ids(found.missed)).toEqual(["a:-2", "a:-30"]);
    expect(ids(found.leftOut)).toEqual(["a:-3"]);
  });
  it("says when a time has passed without news, but not in its first moments", () => {
    expect(ids(view([occurrence(-1)]).noNews)).toEqual(["a:-1"]);
    expect(view([occurrence(-0.01)]).noNews).toEqual([]);
    expect(view([occurrence(-1, { status: "skipped" })]).noNews).toEqual([]);
  });
  it("knows what rings and what is snoozed", () => {
    const until = new Date(NOW + 60_000).toISOString();
    const found = view([
      occurrence(-0.1, { state: "ringing", status: null }),
      occurrence(-0.2, { state: "snoozed", snoozed_until: until, status: null }),
    ]);
    expect(ids(found.ringing)).toEqual(["a:-0.1"]);
    expect(ids(found.snoozed)).toEqual(["a:-0.2"]);
  });
  it("is quiet only when nothing rings, nothing is snoozed and nothing is to come", () => {
    const snoozed_until = new Date(NOW + 60_000).toISOString();
    expect(view([]).isQuiet).toBe(true);
    expect(view([occurrence(5, { status: "skipped" })]).isQuiet).toBe(true);
    expect(view([occurrence(5)]).isQuiet).toBe(false);
    expect(view([occurrence(-0.1, { state: "ringing" })]).isQuiet).toBe(false);
    expect(view([occurrence(-0.1, { state: "snoozed", snoozed_until })]).isQuiet).toBe(false);
    expect(view([], []).isQuiet).toBe(false);
  });
  it("knows each ring's wall time and the zone that its alarm keeps", () => {
    const found = view([occurrence(5, { local: "2026-12-02T02:00:00+09:00" })], [alarmOf("a", { time_zone: "Asia/Tokyo" })]);
    expect(found.next).toMatchObject({ local: "2026-12-02T02:00:00+09:00", zone: "Asia/Tokyo" });
  });
  it("marks what waits to be sent, of the occurrence or its alarm", () => {
    expect(view([occurrence(5)], [alarmOf("a", {}, true)]).next?.isPending).toBe(true);
    expect(view([{ ...occurrence(5), isPending: true }]).next?.isPending).toBe(true);
  });
});
