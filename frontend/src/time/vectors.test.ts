// The vectors in tests/vectors/time: Python replays the same files. Zones come from zones.json, in the form of a pull's.
import { describe, expect, test } from "vitest";
import { vectorCases, vectorFile, vectorNames } from "../../tests/vectorFiles";
import { instantToText } from "./occurrenceId";
import { preview, UnknownZone, type TimedAlarm, type Zones } from "./preview";
import { InvalidSchedule, type ScheduleFields } from "./schedule";
import type { ZoneTable } from "./zoneTable";

interface Case {
  schedule: ScheduleFields;
  time_zone: string;
  from: string;
  count: number;
  expect?: { at: string; local: string }[];
  error?: { field: string; part: string | null };
}

const { zones: tables } = vectorFile("zones") as { zones: Record<string, ZoneTable> };
const ZONES: Zones = { tables, userZone: "UTC" };
const CASES = vectorNames("time").flatMap((name) =>
  vectorCases<Case>(`time/${name}`).map(([title, item]) => [`${name}: ${title}`, item] as const),
);

function alarm({ schedule, time_zone }: Case): TimedAlarm {
  return { id: "a", label: "", enabled: true, schedule, time_zone };
}

describe("a preview is what brute force found", () => {
  test.each(CASES.filter(([, item]) => item.expect))("%s", (_, item) => {
    const { items, end } = preview(alarm(item), ZONES, Date.parse(item.from), item.count);
    expect(items.map(({ atMs, local }) => ({ at: instantToText(atMs), local }))).toEqual(item.expect);
    expect(end === "count").toBe(items.length === item.count);
  });
});

/** What was wrong with a case, as the vectors say it. */
function wrongWith(item: Case): Case["error"] {
  try {
    preview(alarm(item), ZONES, Date.parse(item.from), item.count);
  } catch (error) {
    if (error instanceof InvalidSchedule) return { field: error.field, part: error.part };
    if (error instanceof UnknownZone) return { field: "time_zone", part: null };
    throw error;
  }
  return undefined;
}

describe("an invalid case is refused where it is wrong", () => {
  test.each(CASES.filter(([, item]) => item.error))("%s", (_, item) => {
    expect(wrongWith(item)).toEqual(item.error);
  });
});

test("there are vectors enough: a lost file must not pass as a green run", () => {
  expect(CASES.length).toBeGreaterThanOrEqual(836);
});

test("the zones were made with the zone data of the cases", () => {
  const made = ["zones", ...vectorNames("time").map((name) => `time/${name}`)].map(
    (name) => vectorFile(name) as { tzdata: string },
  );
  expect(new Set(made.map(({ tzdata }) => tzdata)).size).toBe(1);
});
