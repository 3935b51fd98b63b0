import { describe, expect, test } from "vitest";
import { InvalidSchedule, UnknownZone } from "./errors";
import { occurrenceId } from "./occurrenceId";
import { coming, nextOccurrence, nextOccurrences, preview, type TimedAlarm, type Zones } from "./preview";
import { ALARM_OFF, SKIPPED_BY_YOU } from "./suppressions";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse("2026-12-01T05:00:00Z");
const HORIZON = Date.parse("2028-12-01T00:00:00Z");
const ZONES: Zones = {
  tables: {
    "Europe/Madrid": [
      [Date.parse("2027-03-28T01:00:00Z"), 3600],
      [Date.parse("2027-10-31T01:00:00Z"), 7200],
      [HORIZON, 3600],
    ],
    "Asia/Tokyo": [[HORIZON, 32_400]],
  },
  userZone: "Europe/Madrid",
};
const DAILY: TimedAlarm = {
  id: "a",
  label: "Work",
  enabled: true,
  schedule: { start: "2026-11-01T07:00:00", rrule: "FREQ=DAILY", exdates: [], rdates: [] },
  time_zone: null,
};
const FIRST = Date.parse("2026-12-01T06:00:00Z");
const SECOND = FIRST + DAY_MS;

function changed(schedule: Partial<TimedAlarm["schedule"]>, more: Partial<TimedAlarm> = {}): TimedAlarm {
  return { ...DAILY, ...more, schedule: { ...DAILY.schedule, ...schedule } };
}

describe("a preview", () => {
  test("shows what will ring and what is skipped alike, with the reason", () => {
    expect(preview(DAILY, ZONES, NOW, 2, [occurrenceId("a", FIRST), occurrenceId("b", SECOND)])).toEqual({
      items: [
        {
          id: occurrenceId("a", FIRST),
          atMs: FIRST,
          local: "2026-12-01T07:00:00+01:00",
          status: "skipped",
          reason: SKIPPED_BY_YOU,
        },
        {
          id: occurrenceId("a", SECOND),
          atMs: SECOND,
          local: "2026-12-02T07:00:00+01:00",
          status: "will_ring",
          reason: null,
        },
      ],
      end: "count",
    });
  });

  test("of an alarm that is off says so before anything else", () => {
    const { items } = preview({ ...DAILY, enabled: false }, ZONES, NOW, 1, [occurrenceId("a", FIRST)]);
    expect(items.map(({ status, reason }) => [status, reason])).toEqual([["skipped", ALARM_OFF]]);
  });

  test("starts with what is due this very moment, and not a millisecond earlier", () => {
    const first = (fromMs: number) => preview(DAILY, ZONES, fromMs, 1).items[0]?.atMs;
    expect([first(FIRST), first(FIRST + 1)]).toEqual([FIRST, SECOND]);
  });

  test("goes by the alarm's own zone, else by the person's", () => {
    const at = (alarm: TimedAlarm) => preview(alarm, ZONES, NOW, 1).items[0]?.local;
    expect([at(DAILY), at({ ...DAILY, time_zone: "Asia/Tokyo" })]).toEqual([
      "2026-12-01T07:00:00+01:00",
      "2026-12-02T07:00:00+09:00",
    ]);
  });

  test("tells a schedule that is over from a table that is", () => {
    const end = (alarm: TimedAlarm) => preview(alarm, ZONES, NOW, 5);
    expect(end(changed({ rrule: null }))).toEqual({ items: [], end: "schedule" });
    expect(end(changed({ rrule: null, start: "2030-01-01T07:00:00" }))).toEqual({ items: [], end: "horizon" });
    const leapDays = end(changed({ rrule: "FREQ=YEARLY", start: "2024-02-29T07:00:00" }));
    expect([leapDays.items.map(({ local }) => local), leapDays.end]).toEqual([["2028-02-29T07:00:00+01:00"], "horizon"]);
    expect(end(changed({ rrule: "FREQ=DAILY;UNTIL=20261202T235959Z" })).end).toBe("schedule");
    expect(end(changed({ rrule: "FREQ=YEARLY;UNTIL=20281130T000000Z", start: "2026-12-31T07:00:00" })).end).toBe("schedule");
    const lastDay = changed({ rrule: "FREQ=DAILY;UNTIL=20281130T230000Z" });
    expect(preview(lastDay, ZONES, HORIZON - DAY_MS, 5)).toMatchObject({
      items: [{ local: "2028-11-30T07:00:00+01:00" }],
      end: "schedule",
    });
    expect(preview(DAILY, ZONES, HORIZON, 5)).toEqual({ items: [], end: "horizon" });
  });

  test("of a zone whose table is not here is refused, and no name that every object has is a zone", () => {
    expect(() => preview({ ...DAILY, time_zone: "Europe/Paris" }, ZONES, NOW, 1)).toThrow(UnknownZone);
    expect(() => preview({ ...DAILY, time_zone: "constructor" }, ZONES, NOW, 1)).toThrow(UnknownZone);
  });

  test("of a rule that is none is refused with the part at fault", () => {
    const wrong = changed({ rrule: "FREQ=DAILY;BYEASTER=1" });
    expect(() => preview(wrong, ZONES, NOW, 1)).toThrow(new InvalidSchedule("rrule", "unknown_part", "BYEASTER"));
  });
});

describe("the next ring", () => {
  test("is the first one that is not skipped", () => {
    expect(nextOccurrence(DAILY, ZONES, NOW, [occurrenceId("a", FIRST)])).toMatchObject({
      atMs: SECOND,
      status: "will_ring",
    });
  });

  test("does not exist for an alarm that is off or over, and is unknown past the horizon", () => {
    expect(nextOccurrence({ ...DAILY, enabled: false }, ZONES, NOW)).toBe("none");
    expect(nextOccurrence(changed({ rrule: null }), ZONES, NOW)).toBe("none");
    expect(nextOccurrence(changed({ rrule: null, start: "2030-01-01T07:00:00" }), ZONES, NOW)).toBe("beyond_horizon");
  });

  test("of many alarms is told for each, whatever is wrong with the others", () => {
    const alarms = [DAILY, { ...DAILY, id: "b", time_zone: "Europe/Paris" }, changed({ start: "soon" }, { id: "c" })];
    const found = nextOccurrences(alarms, ZONES, NOW);
    expect([found["a"], found["b"], found["c"]]).toEqual([
      expect.objectContaining({ atMs: FIRST }),
      "unknown_zone",
      "invalid",
    ]);
  });
});

describe("what is coming", () => {
  test("has the fields that a pull gives to a coming occurrence", () => {
    expect(coming([DAILY], ZONES, NOW, NOW + DAY_MS)["a"]).toEqual([
      {
        id: occurrenceId("a", FIRST),
        fields: {
          alarm_id: "a",
          label: "Work",
          at: "2026-12-01T06:00:00.000Z",
          local: "2026-12-01T07:00:00+01:00",
          state: "pending",
          ring_count: 0,
          snoozed_until: null,
          answered_by: null,
          reason: null,
          status: "will_ring",
        },
      },
    ]);
  });

  test("ends before the last instant, and shows skipped ones with the reason", () => {
    const found = coming([DAILY], ZONES, FIRST, SECOND, [occurrenceId("a", FIRST)])["a"];
    expect(found?.map(({ fields }) => [fields.at, fields.status, fields.reason])).toEqual([
      ["2026-12-01T06:00:00.000Z", "skipped", SKIPPED_BY_YOU],
    ]);
  });

  test("is nothing for an alarm that is off, and null for one of which nothing can be said", () => {
    const alarms = [
      { ...DAILY, id: "off", enabled: false, time_zone: "Europe/Paris" },
      { ...DAILY, id: "unknown", time_zone: "Europe/Paris" },
      changed({ rrule: "FREQ=OFTEN" }, { id: "invalid" }),
      { ...DAILY, id: "good" },
    ];
    const found = coming(alarms, ZONES, NOW, NOW + DAY_MS);
    expect([found["off"], found["unknown"], found["invalid"], found["good"]?.length]).toEqual([[], null, null, 1]);
  });

  test("is null, and not fewer, where the table ends before", () => {
    expect(coming([DAILY], ZONES, HORIZON - DAY_MS, HORIZON + DAY_MS)["a"]).toBeNull();
    expect(coming([DAILY], ZONES, HORIZON - DAY_MS, HORIZON)["a"]).toHaveLength(1);
  });
});

describe("an alarm started long ago", () => {
  test.each([
    "FREQ=DAILY;INTERVAL=3;COUNT=900000",
    "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=0,1,2,3,4,5,6,7;BYSETPOS=-1;COUNT=90000",
    "FREQ=YEARLY;BYHOUR=1,2,3;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYDAY=MO,TU,WE,TH,FR;COUNT=999999999",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
  ])("is soon looked ahead: %s", (rrule) => {
    const before = performance.now();
    preview(changed({ rrule, start: "1970-01-01T07:00:00" }), ZONES, NOW, 10);
    expect(performance.now() - before).toBeLessThan(1000); // it takes a few milliseconds; the bound is for slow machines
  });
});
