// What stands in the way of saving, by the server's limits.
import { setupI18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import { messages } from "../i18n/words-more-en";
import { newAlarmFields } from "../alarms/newAlarm";
import { toDraft, type Draft } from "./draft";
import { problemInWords } from "./problemWords";
import { problems, type Problems } from "./problems";

const NOW = "2026-12-01T12:00:00";
const i18n = setupI18n({ locale: "en", messages: { en: messages } });
const good = toDraft(newAlarmFields("2026-12-02T07:00:00"), {}, NOW, false);
const check = (part: Partial<Draft>, isScheduleChecked = true): Problems =>
  problems({ ...good, ...part }, { nowLocal: NOW, isScheduleChecked, isZoneName: (name) => name === "Asia/Tokyo" });

describe("a draft", () => {
  it("without a name is fine: it gets one", () => {
    expect(check({ label: "" })).toEqual({});
  });
  it("counts characters as the server does", () => {
    expect(check({ label: "🐈".repeat(200) })).toEqual({});
    expect(check({ label: "🐈".repeat(201) })).toEqual({ label: { code: "too_long", most: 200 } });
    expect(check({ label: "a\u0007" })).toEqual({ label: { code: "characters" } });
    expect(check({ instructions: "one\ntwo\tthree" })).toEqual({});
    expect(check({ instructions: "x".repeat(4001) })).toEqual({ instructions: { code: "too_long", most: 4000 } });
  });
  it.each<[Partial<Draft>, keyof Draft, string]>([
    [{ time: "" }, "time", "Choose a time, such as 07:00."],
    [{ date: "" }, "date", "Choose a date."],
    [{ date: "2026-12-01", time: "12:00" }, "date", "This time is over already. Choose a later date."],
    [{ repeat: "days", weekdays: [] }, "weekdays", "Choose at least one day."],
    [{ repeat: "every_n_days", every: "0" }, "every", "Choose a whole number from 1 to 999."],
    [{ repeat: "every_n_days", every: "1.5" }, "every", "Choose a whole number from 1 to 999."],
    [{ repeat: "every_day", end: "count", count: "" }, "count", "Choose a whole number from 1 to 9999."],
    [
      { repeat: "every_day", end: "until", untilDate: "2026-12-01" },
      "untilDate",
      "The last day lies before the first one. Choose a later day.",
    ],
    [{ repeat: "rule", ruleText: "FREQ=DAILY;FOO=1" }, "ruleText", "FOO is not a part that can be used here."],
    [{ repeat: "rule", ruleText: "FREQ=DAILY;BYHOUR=25" }, "ruleText", "BYHOUR must be a whole number from 0 to 23."],
    [{ repeat: "rule", ruleText: "" }, "ruleText", "Write parts such as FREQ=DAILY;INTERVAL=2, without spaces."],
    [{ zone: "Tokyo" }, "zone", "Choose a place from the list."],
    [{ snoozeMinutes: "121" }, "snoozeMinutes", "Choose a whole number from 1 to 120."],
    [{ snoozeLimit: "-1" }, "snoozeLimit", "Choose a whole number from 0 to 50."],
    [{ smartWakeMinutes: "91" }, "smartWakeMinutes", "Choose a whole number from 0 to 90."],
    [{ timeoutMinutes: "0" }, "timeoutMinutes", "Choose a whole number from 1 to 60."],
    [{ tags: "x".repeat(51) }, "tags", "This is too long: 50 characters at most."],
    [{ tags: Array.from({ length: 21 }, (_, n) => n).join() }, "tags", "These are too many: 20 at most."],
  ])("with %j has a problem with %s", (part, field, words) => {
    const found = check(part);
    expect(Object.keys(found)).toEqual([field]);
    expect(problemInWords(i18n, found[field]!)).toBe(words);
  });
  it("may keep a date that is over when nothing of its schedule is changed", () => {
    expect(check({ date: "2026-11-01" }, false)).toEqual({});
  });
  it("is not held to what its kind does not use", () => {
    expect(check({ repeat: "every_day", every: "0", weekdays: [], count: "", ruleText: "?" })).toEqual({});
    expect(check({ zone: "Asia/Tokyo" })).toEqual({});
  });
});
