// From an alarm to the editor's controls and back, without losing what was not touched.
import { describe, expect, it } from "vitest";
import { movedOn, nextDate } from "../alarms/dates";
import { newAlarmFields } from "../alarms/newAlarm";
import type { AlarmFields } from "../replica/types";
import { blankFields, changedFields, toDraft, toFields, toTags, type Touched } from "./draft";

const NOW = "2026-12-01T12:00:00"; // a Tuesday

function stored(
  rrule: string | null,
  start = "2026-11-02T07:00:00",
  more: Partial<AlarmFields["schedule"]> = {},
): AlarmFields {
  return { ...newAlarmFields(start), label: "Work", schedule: { start, rrule, exdates: [], rdates: [], ...more } };
}

function save(before: AlarmFields, touched: Touched, isBlank = false): AlarmFields {
  return toFields(toDraft(before, touched, NOW, isBlank), touched, before);
}

describe("an alarm that nothing was done to", () => {
  it.each([
    null,
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
    "FREQ=DAILY;UNTIL=20261224T220000Z",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
  ])("comes back as it was: %s", (rrule) => {
    const before = stored(rrule, "2026-11-02T07:00:30", { exdates: rrule ? ["2026-12-25T07:00:30"] : [] });
    expect(save(before, {})).toEqual(before);
    expect(changedFields(before, save(before, { label: "Work" }))).toEqual({});
  });
});

describe("what is touched", () => {
  it("is all that changes", () => {
    const before = stored("FREQ=DAILY");
    expect(changedFields(before, save(before, { label: " School " }))).toEqual({ label: "School" });
    expect(changedFields(before, save(before, { snoozeMinutes: "5" }))).toEqual({ snooze: { minutes: 5, limit: 3 } });
    expect(changedFields(before, save(before, { tags: "a, b,,a" }))).toEqual({ tags: ["a", "b"] });
  });
  it("stays when another device changes the alarm, whose other fields are taken over", () => {
    const touched = { label: "Mine" };
    const theirs = { ...stored("FREQ=DAILY"), label: "Theirs", category: "work", instructions: "Feed the cat" };
    const after = save(theirs, touched);
    expect(after).toMatchObject({ label: "Mine", category: "work", instructions: "Feed the cat" });
    expect(changedFields(theirs, after)).toEqual({ label: "Mine" });
  });
});

describe("the schedule", () => {
  it("keeps a rule's first day, so that every second week stays the same one", () => {
    const after = save(stored("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"), { time: "06:30" });
    expect(after.schedule).toMatchObject({ start: "2026-11-02T06:30:00", rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO" });
  });
  it("moves dates of the alarm's own time with it, and leaves others", () => {
    const dates = { exdates: ["2026-12-25T07:00:00"], rdates: ["2026-12-26T07:00:00", "2026-12-27T10:00:00"] };
    expect(save(stored("FREQ=DAILY", undefined, dates), { time: "08:00" }).schedule).toMatchObject({
      exdates: ["2026-12-25T08:00:00"],
      rdates: ["2026-12-26T08:00:00", "2026-12-27T10:00:00"],
    });
  });
  it("of a single date that is over moves on to the next day; one to come stays", () => {
    expect(save(stored(null), { time: "07:30" }).schedule.start).toBe("2026-12-02T07:30:00");
    expect(save(stored(null), { time: "18:00" }).schedule.start).toBe("2026-12-01T18:00:00");
    expect(save(stored(null, "2026-12-24T07:00:00"), { time: "08:00" }).schedule.start).toBe("2026-12-24T08:00:00");
  });
  it("of a rule that becomes a single time takes the next day and drops the dates left out", () => {
    const before = stored("FREQ=DAILY", undefined, { exdates: ["2026-12-25T07:00:00"] });
    expect(save(before, { repeat: "once" }).schedule).toEqual({
      start: "2026-12-02T07:00:00",
      rrule: null,
      exdates: [],
      rdates: [],
    });
  });
  it.each<[Touched, string]>([
    [{ repeat: "every_day" }, "FREQ=DAILY"],
    [{ repeat: "weekdays" }, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
    [{ repeat: "weekends" }, "FREQ=WEEKLY;BYDAY=SA,SU"],
    [{ repeat: "days", weekdays: [4, 0] }, "FREQ=WEEKLY;BYDAY=MO,FR"],
    [{ repeat: "every_n_days", every: "3" }, "FREQ=DAILY;INTERVAL=3"],
    [{ repeat: "every_n_weeks", every: "2", weekdays: [1] }, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
    [{ repeat: "month_day", monthDay: -1 }, "FREQ=MONTHLY;BYMONTHDAY=-1"],
    [{ repeat: "month_weekday", nth: 2, nthWeekday: 1 }, "FREQ=MONTHLY;BYDAY=2TU"],
    [{ repeat: "yearly", date: "2026-12-24" }, "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"],
    [{ repeat: "rule", ruleText: " freq=daily;byhour=7,19 " }, "FREQ=DAILY;BYHOUR=7,19"],
    [{ repeat: "every_day", end: "count", count: "5" }, "FREQ=DAILY;COUNT=5"],
    [{ repeat: "every_day", end: "until", untilDate: "2026-12-31" }, "FREQ=DAILY;UNTIL=20261231T235959"],
  ])("of %j is %s, and shows the same controls again", (touched, rrule) => {
    const after = save(stored(null, "2026-12-24T07:00:00"), touched);
    expect(after.schedule.rrule).toBe(rrule);
    if (touched.repeat !== "rule")
      expect(toDraft(after, {}, NOW, false)).toMatchObject({ ...touched, weekdays: expect.any(Array) as unknown });
  });
});

describe("a blank alarm", () => {
  it("is for the next seven o'clock, and its date follows its time", () => {
    const blank = blankFields(NOW);
    expect(blank.schedule.start).toBe("2026-12-02T07:00:00");
    expect(toDraft(blank, {}, NOW, true).date).toBe("2026-12-02");
    expect(toDraft(blank, { time: "12:01" }, NOW, true).date).toBe("2026-12-01");
    expect(toDraft(blank, { time: "12:00" }, NOW, true).date).toBe("2026-12-02");
    expect(toDraft(blank, { time: "12:01", date: "2026-12-24" }, NOW, true).date).toBe("2026-12-24");
  });
});

describe("small things", () => {
  it("find the next date of a time, also over the end of a month", () => {
    expect(nextDate("11:59", "2026-12-31T12:00:00")).toBe("2027-01-01");
  });
  it("move a single date that is over to the next day when it is switched on, and nothing else", () => {
    expect(movedOn(stored(null), NOW)?.start).toBe("2026-12-02T07:00:00");
    expect(movedOn(stored(null, "2026-11-02T18:00:00"), NOW)?.start).toBe("2026-12-01T18:00:00");
    expect(movedOn(stored(null, "2026-12-24T07:00:00"), NOW)).toBeNull();
    expect(movedOn(stored(null, undefined, { rdates: ["2026-12-24T07:00:00"] }), NOW)).toBeNull();
    expect(movedOn(stored("FREQ=DAILY;COUNT=1"), NOW)).toBeNull();
  });
  it("split tags at commas", () => {
    expect(toTags(" one ,two words,, one")).toEqual(["one", "two words"]);
  });
});
