// Which alarms the list shows, in which order.
import { describe, expect, it } from "vitest";
import type { Shown } from "../replica/types";
import { alarmOf } from "./fixtures";
import { filterChoices, hasFilters, listView, NO_FILTERS, type Filters, type Next } from "./listView";
import { answeredEarly, nextRingsOf, soonest, soonestOf } from "./nextRings";

const rings = (atMs: number): Next => ({ type: "rings", atMs, local: "2026-12-01T07:00:00+01:00" });
const ids = (alarms: readonly Shown<"alarm">[]) => alarms.map(({ id }) => id);
const view = (alarms: readonly Shown<"alarm">[], filters: Partial<Filters> = {}, next: [string, Next][] = []) =>
  ids(listView(alarms, new Map(next), { ...NO_FILTERS, ...filters }, (category) => `Die ${category}`));

describe("the order", () => {
  it("is the next ring first, then what does not ring again, then what is off", () => {
    const alarms = [alarmOf("off", { enabled: false }), alarmOf("late"), alarmOf("over"), alarmOf("soon")];
    expect(
      view(alarms, {}, [
        ["late", rings(9)],
        ["soon", rings(5)],
        ["over", { type: "over" }],
        ["off", { type: "off" }],
      ]),
    ).toEqual(["soon", "late", "over", "off"]);
  });
  it("is the time of day, then the name, where the next rings say nothing", () => {
    const at = (time: string) => ({ schedule: { start: `2026-12-01T${time}:00`, rrule: null, exdates: [], rdates: [] } });
    expect(view([alarmOf("c", at("09:00")), alarmOf("b", at("08:00")), alarmOf("a", at("09:00"))])).toEqual(["b", "a", "c"]);
  });
  it("does not depend on the order they come in", () => {
    const alarms = ["x", "y", "z"].map((id) => alarmOf(id, { label: "same" }));
    expect(view(alarms)).toEqual(view([...alarms].reverse()));
  });
});

describe("the filters", () => {
  const alarms = [
    alarmOf("Medicação da manhã", { category: "health", tags: ["pills"] }),
    alarmOf("Work", { category: "work", enabled: false }),
    alarmOf("Swim", { category: "exercise", tags: ["pool", "pills"] }),
  ];
  it("find words of label, tags and category, without accents and in any order", () => {
    expect(view(alarms, { text: "manha medicacao" })).toEqual(["Medicação da manhã"]);
    expect(view(alarms, { text: "POOL" })).toEqual(["Swim"]);
    expect(view(alarms, { text: "die work" })).toEqual(["Work"]);
    expect(view(alarms, { text: "work pool" })).toEqual([]);
  });
  it("combine", () => {
    expect(view(alarms, { show: "off" })).toEqual(["Work"]);
    expect(view(alarms, { tag: "pills", category: "exercise" })).toEqual(["Swim"]);
    expect(view(alarms, { tag: "pills", show: "off" })).toEqual([]);
  });
  it("know whether any is set, and what there is to choose from", () => {
    expect(hasFilters({ ...NO_FILTERS, text: "  " })).toBe(false);
    expect(hasFilters({ ...NO_FILTERS, tag: "pills" })).toBe(true);
    expect(filterChoices(alarms)).toEqual({ categories: ["exercise", "health", "work"], tags: ["pills", "pool"] });
  });
});

describe("the next ring of each", () => {
  const occurrence = (alarmId: string, at: string, status: "will_ring" | "skipped"): Shown<"occurrence"> => ({
    kind: "occurrence",
    id: `${alarmId}:${at}`,
    isPending: false,
    fields: {
      alarm_id: alarmId,
      label: alarmId,
      at,
      local: at.slice(0, 19) + "+00:00",
      state: "pending",
      ring_count: 0,
      snoozed_until: null,
      answered_by: null,
      reason: null,
      status,
    },
  });
  const now = Date.parse("2026-12-01T00:00:00Z");
  it("is the soonest stored one that is neither skipped nor past; the calendar knows the rest", () => {
    const stored = soonest(
      [
        occurrence("a", "2026-12-03T07:00:00.000Z", "will_ring"),
        occurrence("a", "2026-12-02T07:00:00.000Z", "will_ring"),
        occurrence("a", "2026-12-01T07:00:00.000Z", "skipped"),
        occurrence("a", "2026-11-30T07:00:00.000Z", "will_ring"),
      ],
      now,
    );
    const alarms = [alarmOf("a"), alarmOf("b"), alarmOf("c", { enabled: false }), alarmOf("d"), alarmOf("e")];
    const found = nextRingsOf(alarms, stored, { b: "none", c: "none", d: "unknown_zone" }, now);
    expect(found.get("a")).toMatchObject({ type: "rings", atMs: Date.parse("2026-12-02T07:00:00Z") });
    expect(found.get("b")).toEqual({ type: "over" });
    expect(found.get("c")).toEqual({ type: "off" });
    expect(found.get("d")).toEqual({ type: "unknown_zone" });
    expect(found.get("e")).toBeUndefined();
  });
  it("is not one that a smart wake rang and somebody answered before its time", () => {
    const [early, coming] = ["2026-12-01T07:00:00.000Z", "2026-12-02T07:00:00.000Z"].map((at) =>
      occurrence("a", at, "will_ring"),
    );
    const answered = { ...early!, id: "a:1", fields: { ...early!.fields, state: "dismissed" as const } };
    expect(answeredEarly([answered, coming!], now)).toEqual(["a:1"]);
    expect(answeredEarly([answered], Date.parse(answered.fields.at))).toEqual([]); // no news about what is past
  });
  it("is not one that has passed since it was worked out", () => {
    const item = { id: "a:1", atMs: now, local: "2026-12-01T00:00:00+00:00", status: "will_ring", reason: null } as const;
    expect(nextRingsOf([alarmOf("a")], new Map(), { a: item }, now).get("a")).toBeUndefined();
    const before = nextRingsOf([alarmOf("a")], new Map(), { a: item }, now - 1);
    expect(before.get("a")).toMatchObject({ type: "rings", atMs: now });
    expect(soonestOf(before)).toBe(now);
    expect(soonestOf(new Map())).toBe(Infinity);
  });
  it("is the end of its snooze, and the one that rings stands first of all", () => {
    const at = "2026-11-30T23:59:00.000Z";
    const snoozedUntil = "2026-12-01T00:09:00.000Z";
    const [a, b] = [occurrence("a", at, "will_ring"), occurrence("b", at, "will_ring")];
    const stored = soonest(
      [
        occurrence("a", "2026-12-02T07:00:00.000Z", "will_ring"),
        { ...a, fields: { ...a.fields, state: "snoozed", snoozed_until: snoozedUntil } },
        { ...b, fields: { ...b.fields, state: "ringing" } },
        occurrence("c", "2026-12-01T00:01:00.000Z", "will_ring"),
      ],
      now,
    );
    const alarms = ["a", "b", "c"].map((id) => alarmOf(id));
    const found = nextRingsOf(alarms, stored, {}, now);
    expect(found.get("a")).toEqual({ type: "snoozed", atMs: Date.parse(snoozedUntil) });
    expect(found.get("b")).toEqual({ type: "ringing" });
    expect(ids(listView(alarms, found, NO_FILTERS, () => ""))).toEqual(["b", "c", "a"]);
  });
});
