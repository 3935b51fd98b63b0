// Times as people read them: both hour cycles, three languages, no zone but the pulled one.
import { describe, expect, it } from "vitest";
import type { ZoneTable } from "../replica/types";
import * as clock from "./clock";

const US = { locale: "en", hourCycle: "h12" } as const;
const EU = { locale: "es", hourCycle: "h23" } as const;
/** Madrid around the end of summer time 2026. */
const MADRID: ZoneTable = [
  [Date.UTC(2026, 9, 25, 1), 7200],
  [Date.UTC(2027, 2, 28, 1), 3600],
];
const flat = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, " ");

describe("wall times", () => {
  it("come from the pulled table, on both sides of a change", () => {
    expect(clock.localOf(Date.UTC(2026, 9, 25, 0, 59), MADRID)).toBe("2026-10-25T02:59:00");
    expect(clock.localOf(Date.UTC(2026, 9, 25, 1, 0), MADRID)).toBe("2026-10-25T02:00:00");
  });
  it("go on with the last offset beyond the table's end", () => {
    expect(clock.localOf(Date.UTC(2030, 0, 1), MADRID)).toBe("2030-01-01T01:00:00");
  });
  it("are shown as they are written, whatever their offset or the device's zone", () => {
    expect(flat(clock.formatTime("2026-12-01T07:05:00+13:00", US))).toBe("7:05 AM");
    expect(clock.formatTime("2026-12-01T07:05:00", EU)).toBe("07:05");
    expect(clock.formatTime("00:00", EU)).toBe("00:00");
    expect(flat(clock.formatTime("00:00", US))).toBe("12:00 AM");
  });
  it("split into numerals and period", () => {
    expect(clock.timeParts("19:30", US)).toEqual({ time: "7:30", period: "PM" });
    expect(clock.timeParts("19:30", EU)).toEqual({ time: "19:30", period: null });
  });
  it("are refused when they are none", () => {
    expect(() => clock.formatTime("soon", US)).toThrow(RangeError);
  });
});

describe("days", () => {
  const today = "2026-11-30T23:59:00";
  it.each([
    ["2026-11-30", "en", "Today"],
    ["2026-12-01T00:01:00", "en", "Tomorrow"],
    ["2026-12-01", "es", "Mañana"],
    ["2026-12-01", "pt-BR", "Amanhã"],
    ["2026-11-29", "en", "Yesterday"],
    ["2026-12-03", "en", "Thursday"],
    ["2026-12-08", "en", "Tue, Dec 8"],
    ["2027-01-05", "en", "Tue, Jan 5, 2027"],
  ])("%s in %s is %s", (local, locale, expected) => {
    expect(clock.formatDay(local, today, locale)).toBe(expected);
  });
  it("have names and an order", () => {
    expect(clock.weekdayName("SU", "en")).toBe("Sunday");
    expect(clock.weekdayName("MO", "es", "short")).toBe("lun");
    expect(clock.weekdayOrder("saturday", "en")).toEqual(["SA", "SU", "MO", "TU", "WE", "TH", "FR"]);
    expect(clock.weekdayOrder("auto", "pt-BR")[0]).toBe("SU");
    expect(clock.weekdayOrder("auto", "es-ES")[0]).toBe("MO");
  });
});

describe("durations", () => {
  it.each([
    [7 * 3_600_000 + 20 * 60_000, "7 h 20 min"],
    [59_001, "1 min"],
    [3_600_000, "1 h"],
    [51 * 3_600_000, "2 d 3 h"],
    [-5, "0 min"],
  ])("%d ms is %s", (ms, expected) => {
    expect(clock.formatDuration(ms)).toBe(expected);
  });
  it("are said in words", () => {
    expect(clock.sayDuration(80 * 60_000, "pt-BR")).toBe("1 hora 20 minutos");
  });
  it("run down by the second", () => {
    expect(clock.formatCountdown(299_001)).toBe("5:00");
    expect(clock.formatCountdown(3_899_000)).toBe("1:04:59");
    expect(clock.formatCountdown(-1)).toBe("0:00");
  });
  it("look back", () => {
    expect(clock.formatAgo(5 * 60_000, "en")).toBe("5 minutes ago");
    expect(clock.formatAgo(25 * 3_600_000, "es")).toBe("ayer");
    expect(clock.formatAgo(3_000, "en")).toBe("now");
  });
});

it("the hour cycle follows the device's region", () => {
  expect(clock.regionalHourCycle("en-US")).toBe("h12");
  expect(clock.regionalHourCycle("pt-BR")).toBe("h23");
});
