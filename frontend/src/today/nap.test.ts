// A nap's alarm, by the person's clock, also on the nights when the clocks change.
import { describe, expect, it } from "vitest";
import { alarmOf } from "../alarms/fixtures";
import type { ZoneTable } from "../replica/types";
import { napAlarm, oldNaps } from "./nap";

/** Madrid in 2026: summer time begins on 29 March at 01:00 UTC and ends on 25 October at 01:00 UTC. */
const MADRID: ZoneTable = [
  [Date.UTC(2026, 2, 29, 1), 3600],
  [Date.UTC(2026, 9, 25, 1), 7200],
  [Date.UTC(2027, 2, 28, 1), 3600],
];
const nap = (now: string, minutes: number) =>
  napAlarm({ label: "Nap", minutes, now: Date.parse(now), zone: "Europe/Madrid" }, MADRID);

describe("a nap", () => {
  it("rings once, at the wall time so many minutes ahead, to the second", () => {
    const alarm = nap("2026-11-22T20:00:12.300Z", 20);
    expect(alarm).toMatchObject({ label: "Nap", enabled: true, time_zone: "Europe/Madrid" });
    expect(alarm.schedule).toEqual({ start: "2026-11-22T21:20:13", rrule: null, exdates: [], rdates: [] });
  });
  it("rings on time when the clocks go forward meanwhile", () => {
    expect(nap("2026-03-29T00:50:00Z", 20).schedule.start).toBe("2026-03-29T03:10:00");
  });
  it("does not ring an hour early in the hour that clocks show twice", () => {
    const second = nap("2026-10-25T00:50:00Z", 20);
    expect(second.schedule.start).toBe("2026-10-25T02:10:00");
    expect(second.time_zone).toBe("Etc/GMT-1");
    expect(nap("2026-10-25T00:10:00Z", 20).time_zone).toBe("Europe/Madrid"); // the first of the two
    expect(nap("2026-10-25T01:50:00Z", 20).time_zone).toBe("Europe/Madrid"); // past both
  });
  it("clears away those that have been over for half a day, and nothing else", () => {
    const one = (id: string, start: string, more = {}) =>
      alarmOf(id, { category: "nap", schedule: { start, rrule: null, exdates: [], rdates: [] }, ...more });
    const alarms = [
      one("old", "2026-11-22T08:00:00"),
      one("fresh", "2026-11-22T10:00:00"),
      one("kept", "2026-11-22T08:00:00", { category: "other" }),
      one("daily", "2026-11-22T08:00:00", {
        schedule: { start: "2026-11-22T08:00:00", rrule: "FREQ=DAILY", exdates: [], rdates: [] },
      }),
    ];
    expect(oldNaps(alarms, Date.parse("2026-11-22T20:00:00Z"), MADRID)).toEqual(["old"]);
  });
});
