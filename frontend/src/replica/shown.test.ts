// What screens see of base and outbox: pending, deleted, incomplete, skipped and answered things; coming ones anew.
import { describe, expect, it } from "vitest";
import type { Fields } from "../sync/merge";
import type { Mutation } from "../sync/mutation";
import { coming } from "../time/preview";
import { recomputeWith } from "./coming";
import type { BaseRecord } from "./records";
import { shownOccurrences, shownOf, SKIPPED_BY_PERSON } from "./shown";

const NOW = Date.parse("2026-12-01T07:00:00Z");
const ALARM = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60";
const TOMORROW = `${ALARM}:20261202T070000Z`;

let edits = 0;

function edit(kind: string, entity_id: string, fields: Fields): Mutation {
  edits += 1;
  return { id: `m${edits}`, kind, entity_id, fields, clock: `${NOW}-${edits.toString(16).padStart(4, "0")}-me` };
}

function known(kind: string, id: string, fields: Fields, deleted = false, version = 1): BaseRecord {
  const clocks = Object.fromEntries(Object.keys(fields).map((name) => [name, `${NOW - 1000}-0000-them`]));
  return { kind, id, version, deleted, fields, clocks };
}

const WORK = { label: "Work", schedule: { start: "2026-01-01T08:00:00", rrule: "FREQ=DAILY", exdates: [], rdates: [] } };
const NEXT = {
  ...{ alarm_id: ALARM, label: "Work", at: "2026-12-02T07:00:00.000Z", local: "2026-12-02T08:00:00+01:00" },
  ...{ state: "pending", ring_count: 0, snoozed_until: null, answered_by: null, reason: null, status: "will_ring" },
};
const COMING = known("occurrence", TOMORROW, NEXT, false, 0);

describe("what is shown of an alarm", () => {
  it("is the server's answer where nothing waits", () => {
    const [alarm] = shownOf("alarm", [known("alarm", ALARM, WORK)], []);
    expect(alarm).toMatchObject({ id: ALARM, isPending: false, fields: { label: "Work", enabled: true } });
  });

  it("has no field that could not be written to another", () => {
    const stored = {
      ...WORK,
      deleted: false,
      created_at: "2026-12-01T07:00:00.000Z",
      updated_at: "2026-12-01T07:00:00.000Z",
    };
    const names = Object.keys(shownOf("alarm", [known("alarm", ALARM, stored)], [])[0]!.fields);
    expect(names).not.toContain("deleted");
    expect(names).not.toContain("created_at");
  });

  it("has an unsent edit on top, but not one that is older than what another wrote", () => {
    const old = { ...edit("alarm", ALARM, { label: "Old", category: "mine" }), clock: `${NOW - 2000}-0000-me` };
    const [alarm] = shownOf("alarm", [known("alarm", ALARM, WORK)], [old]);
    expect(alarm).toMatchObject({ isPending: true, fields: { label: "Work", category: "mine" } });
  });

  it("is nothing when it is deleted, here or there", () => {
    expect(shownOf("alarm", [known("alarm", ALARM, WORK)], [edit("alarm", ALARM, { deleted: true })])).toEqual([]);
    expect(shownOf("alarm", [known("alarm", ALARM, { ...WORK, deleted: true }, true)], [])).toEqual([]);
  });

  it("comes back with what it was when somebody revives it", () => {
    const gone = known("alarm", ALARM, { ...WORK, deleted: true }, true);
    expect(shownOf("alarm", [gone], [edit("alarm", ALARM, { deleted: false })])).toMatchObject([
      { fields: { label: "Work" }, isPending: true },
    ]);
  });

  it("is nothing as long as it lacks its label or its schedule", () => {
    expect(shownOf("alarm", [], [edit("alarm", ALARM, { label: "Work" })])).toEqual([]);
    expect(shownOf("alarm", [], [edit("alarm", ALARM, WORK)])).toHaveLength(1);
  });
});

describe("what is shown of an occurrence", () => {
  const none = new Map();

  it("says that it is skipped before the server knows", () => {
    const [one] = shownOccurrences([COMING], [edit("skip", TOMORROW, { skipped: true })], none);
    expect(one).toMatchObject({ isPending: true, fields: { status: "skipped", reason: SKIPPED_BY_PERSON } });
  });

  it("says that it will ring when the skip is taken back", () => {
    const skipped = { ...COMING, fields: { ...NEXT, status: "skipped", reason: SKIPPED_BY_PERSON } };
    const skips = new Map([[TOMORROW, known("skip", TOMORROW, { skipped: true })]]);
    const [one] = shownOccurrences([skipped], [edit("skip", TOMORROW, { skipped: false })], none, skips);
    expect(one).toMatchObject({ fields: { status: "will_ring", reason: null } });
  });

  it("is dismissed or snoozed as soon as the person answered", () => {
    const ringing = { ...COMING, version: 2, fields: { ...NEXT, state: "ringing", ring_count: 1 } };
    const at = "2026-12-02T07:00:30.000Z";
    const dismiss = edit("answer", "x", { occurrence_id: TOMORROW, event: "dismiss", ring: 1, at, minutes: null });
    const snooze = edit("answer", "y", { occurrence_id: TOMORROW, event: "snooze", ring: 1, at, minutes: 5 });
    expect(shownOccurrences([ringing], [dismiss], none)[0]).toMatchObject({
      isPending: true,
      fields: { state: "dismissed" },
    });
    expect(shownOccurrences([ringing], [snooze], none)[0]?.fields).toMatchObject({
      state: "snoozed",
      snoozed_until: "2026-12-02T07:05:30.000Z",
    });
    expect(shownOccurrences([ringing], [dismiss, snooze], none)[0]?.fields.state).toBe("dismissed");
  });
});

describe("coming occurrences of an alarm with an unsent edit", () => {
  const zones = { "Europe/Madrid": [[Date.parse("2027-03-28T01:00:00Z"), 3600]] } as const;
  const profile = [known("profile", "me", { time_zone: "Europe/Madrid" })];
  const recompute = recomputeWith((...asked) => Promise.resolve(coming(...asked)));

  async function locals(outbox: Mutation[], skips: BaseRecord[] = []): Promise<string[]> {
    const alarms = [known("alarm", ALARM, { ...WORK, time_zone: null })];
    const found = await recompute({ alarms, skips, profile, outbox, unpulled: [], zones, nowMs: NOW });
    return shownOccurrences([COMING], outbox, found).map(({ fields }) => `${fields.local} ${fields.status}`);
  }

  it("are worked out from the edit", async () => {
    const later = { ...WORK.schedule, start: "2026-01-01T09:30:00" };
    expect(await locals([edit("alarm", ALARM, { schedule: later })])).toEqual([
      "2026-12-01T09:30:00+01:00 will_ring",
      "2026-12-02T09:30:00+01:00 will_ring",
    ]);
  });

  it("are none when it is off or deleted", async () => {
    expect(await locals([edit("alarm", ALARM, { enabled: false })])).toEqual([]);
    expect(await locals([edit("alarm", ALARM, { deleted: true })])).toEqual([]);
  });

  it("know the skips, unsent ones too", async () => {
    const relabel = edit("alarm", ALARM, { label: "Gym" });
    expect(await locals([relabel], [known("skip", TOMORROW, { skipped: true })])).toContain(
      "2026-12-02T08:00:00+01:00 skipped",
    );
    expect(await locals([relabel, edit("skip", TOMORROW, { skipped: true })])).toContain(
      "2026-12-02T08:00:00+01:00 skipped",
    );
  });

  it("stay as the server told them where the zone's table is not here", async () => {
    expect(await locals([edit("alarm", ALARM, { time_zone: "Asia/Tokyo" })])).toEqual([
      "2026-12-02T08:00:00+01:00 will_ring",
    ]);
  });

  it("are worked out as well when the server has the edit, but could not tell yet what it makes of it", async () => {
    const moved = { ...WORK, schedule: { ...WORK.schedule, start: "2026-01-01T06:00:00" }, time_zone: null };
    const alarms = [known("alarm", ALARM, moved)];
    const found = await recompute({ alarms, skips: [], profile, outbox: [], unpulled: [ALARM], zones, nowMs: NOW });
    expect(shownOccurrences([COMING], [], found).map(({ fields, isPending }) => [fields.local, isPending])).toEqual([
      ["2026-12-02T06:00:00+01:00", false],
      ["2026-12-03T06:00:00+01:00", false],
    ]);
  });

  it("follow a journey: alarms without a zone of their own", async () => {
    const tables = { ...zones, "Asia/Tokyo": [[Date.parse("2028-01-01T00:00:00Z"), 32_400]] } as const;
    const alarms = [known("alarm", ALARM, { ...WORK, time_zone: null })];
    const outbox = [edit("profile", "me", { time_zone: "Asia/Tokyo" })];
    const found = await recompute({ alarms, skips: [], profile, outbox, unpulled: [], zones: tables, nowMs: NOW });
    expect(found.get(ALARM)?.map(({ fields }) => fields.local)[0]).toBe("2026-12-02T08:00:00+09:00");
  });
});
