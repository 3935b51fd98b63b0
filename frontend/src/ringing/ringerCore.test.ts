// The ringer as a device lives it: armed offline, rung from three sides, answered here and elsewhere, woken late.
import { describe, expect, it } from "vitest";
import { contentOf } from "./due";
import { socketToNews, pushToNews } from "./messages";
import { ALARM, device, Device, MINUTE, occurrence, SEVEN } from "./ringer.fixtures";
import { ringing, type Ring } from "./ringState";

const front = (one: Device) => ringing(one.state)[0]!;

function armed(change: (one: Device) => void = () => undefined): Device {
  const one = new Device();
  change(one);
  one.ringer.look();
  return one;
}

function ringMessage(one: Device, ring = 1, rung = 0) {
  const alarm = { id: "a", label: "Work", ring: ALARM.ring, snooze: ALARM.snooze, snoozes_left: 4 - ring };
  const fields = { ...occurrence("x").fields, id: "x", state: "ringing", ring_count: ring };
  const message = { type: "ring", occurrence: fields, alarm, rung };
  return socketToNews(message, one.state, () => ALARM, one.time.now())!;
}

describe("armed by itself", () => {
  it("rings at its instant with no network at all, and no other news", () => {
    const one = armed();
    one.time.pass(10 * MINUTE - 1);
    expect(one.rings).toEqual([]);
    one.time.pass(1);
    expect(one.rings).toEqual(["x1"]);
    expect(one.prepared).toEqual(["chimes"]);
    expect(front(one).content).toMatchObject({ label: "Work", instructions: "Feed the cat.", snoozesLeft: 3 });
  });

  it("does not ring what was skipped, switched off, deleted or answered", () => {
    const one = armed();
    const skip = { kind: "skip", id: "x", isPending: true, fields: { skipped: true } } as const;
    one.store({ skips: [skip] });
    expect(one.next).toBeNull();
    one.store({ skips: [], alarms: [{ kind: "alarm", id: "a", isPending: true, fields: { ...ALARM, enabled: false } }] });
    expect(one.next).toBeNull();
    one.store({ alarms: [] });
    expect(one.next).toBeNull();
    one.store({
      alarms: [{ kind: "alarm", id: "a", isPending: false, fields: ALARM }],
      occurrences: [occurrence("x", { state: "dismissed" })],
    });
    one.time.pass(60 * MINUTE);
    expect(one.rings).toEqual([]);
  });

  it("arms again on every change of what is stored", () => {
    const one = armed();
    one.store({ occurrences: [occurrence("y", { at: new Date(SEVEN - 5 * MINUTE).toISOString() })] });
    one.time.pass(5 * MINUTE);
    expect(one.rings).toEqual(["y1"]);
  });

  it("rings the end of a snooze, made here or elsewhere", () => {
    const snoozed = { state: "snoozed", ring_count: 1, snoozed_until: new Date(SEVEN + 9 * MINUTE).toISOString() } as const;
    const one = armed((it) => (it.stored = { ...it.stored, occurrences: [occurrence("x", snoozed)] }));
    one.time.pass(19 * MINUTE);
    expect(one.rings).toEqual(["x2"]);
    expect(front(one).content.snoozesLeft).toBe(2);
  });

  it("does not ring what lies further back than half an hour", () => {
    const one = armed((it) => it.time.pass(40 * MINUTE));
    expect(one.rings).toEqual([]);
  });
});

describe("a device with a role", () => {
  const main = device("other", "always");

  it("never rings by itself when it is set to never", () => {
    const one = armed((it) => (it.stored = { ...it.stored, devices: [main, device("me", "never")] }));
    one.time.pass(30 * MINUTE);
    expect(one.rings).toEqual([]);
    one.ringer.hear(ringMessage(one));
    expect(front(one).isSilent).toBe(true);
  });

  it("rings as backup two minutes later, when nobody answered", () => {
    const one = armed((it) => (it.stored = { ...it.stored, devices: [main, device("me", "backup")] }));
    one.time.pass(12 * MINUTE - 1);
    expect(one.rings).toEqual([]);
    one.time.pass(1);
    expect(one.rings).toEqual(["x1"]);
  });

  it("stays quiet as backup when somebody answered within these two minutes", () => {
    const one = armed((it) => (it.stored = { ...it.stored, devices: [main, device("me", "backup")] }));
    one.time.pass(11 * MINUTE);
    one.ringer.hear({ type: "standing", standing: { id: "x", phase: "dismissed", ring: 1, snoozedUntil: null } });
    one.time.pass(30 * MINUTE);
    expect(one.rings).toEqual([]);
  });

  it("rings as backup at once when no other device could ring first", () => {
    const one = armed(
      (it) => (it.stored = { ...it.stored, devices: [device("b", "always", false), device("me", "backup")] }),
    );
    one.time.pass(10 * MINUTE);
    expect(one.rings).toEqual(["x1"]);
  });
});

describe("rung from several sides", () => {
  it("rings once, whichever comes first", () => {
    const one = armed();
    one.ringer.hear(ringMessage(one));
    const begun = front(one).startedAt;
    one.time.pass(MINUTE);
    one.ringer.hear(ringMessage(one, 1, 1));
    one.ringer.hear(
      pushToNews(
        {
          type: "ring",
          occurrence: {
            id: "x",
            label: "Work",
            at: new Date(SEVEN).toISOString(),
            local: "",
            state: "ringing",
            ringCount: 1,
            snoozedUntil: null,
            answeredBy: null,
          },
          alarm: {
            id: "a",
            label: "Work",
            snoozeMinutes: 9,
            snoozesLeft: 3,
            challenge: "none",
            vibrate: true,
            timeoutMinutes: 10,
          },
          rung: 1,
          answer: null,
          device: null,
        },
        () => ALARM,
        one.time.now(),
      )!,
    );
    expect(one.rings).toEqual(["x1"]);
    expect(front(one).startedAt).toBe(begun);
  });

  it("tells the other tabs once, and does not pass on what a tab told", () => {
    const one = armed();
    one.ringer.hear(ringMessage(one));
    one.ringer.hear(ringMessage(one));
    expect(one.told).toHaveLength(1);
    const other = armed();
    other.ringer.hear(one.told[0]!, true);
    expect(other.rings).toEqual(["x1"]);
    expect(other.told).toEqual([]);
  });

  it("stops at once when the server says so, or what was pulled", () => {
    const one = armed();
    one.ringer.hear(ringMessage(one));
    const stop = { type: "stop", occurrence_id: "x", state: "dismissed", by_device: "other", snoozed_until: null };
    one.ringer.hear(socketToNews(stop, one.state, () => ALARM, one.time.now())!);
    expect(one.rings).toEqual([]);
    const two = armed();
    two.ringer.hear(ringMessage(two));
    two.store({ occurrences: [occurrence("x", { state: "dismissed", ring_count: 1 })] });
    expect(two.rings).toEqual([]);
  });

  it("is not stopped by the late news of an earlier snooze", () => {
    const one = armed();
    one.ringer.hear(ringMessage(one, 2));
    const late = {
      type: "stop",
      occurrence_id: "x",
      state: "snoozed",
      snoozed_until: new Date(SEVEN - 11 * MINUTE).toISOString(),
    };
    expect(socketToNews(late, one.state, () => ALARM, one.time.now())).toBeNull();
  });
});

describe("answered here", () => {
  it("snoozes at once, tells everybody, and rings again by itself", () => {
    const one = armed();
    one.time.pass(10 * MINUTE);
    one.ringer.snooze(front(one));
    expect(one.rings).toEqual([]);
    expect(one.answers).toEqual([
      { occurrence_id: "x", event: "snooze", ring: 1, at: new Date(SEVEN).toISOString(), minutes: 9 },
    ]);
    expect(one.told.at(-1)).toMatchObject({ type: "standing", standing: { phase: "snoozed" } });
    one.time.pass(9 * MINUTE - 1);
    expect(one.rings).toEqual([]);
    one.time.pass(1);
    expect(one.rings).toEqual(["x2"]);
  });

  it("dismisses for good: the alarm's own timer, a push and the pull do not bring it back", () => {
    const one = armed();
    one.time.pass(10 * MINUTE);
    one.ringer.dismiss(front(one));
    one.ringer.hear(ringMessage(one, 1, 2));
    one.ringer.look();
    one.time.pass(20 * MINUTE);
    expect(one.shown).toEqual([]);
    expect(one.answers).toHaveLength(1);
  });

  it("sends nothing of a test", () => {
    const one = armed();
    one.ringer.test(contentOf("a", "Work", ALARM, 1));
    expect(front(one).isTest).toBe(true);
    one.ringer.dismiss(front(one));
    expect([one.rings, one.answers, one.told]).toEqual([[], [], []]);
  });
});

describe("nobody answers", () => {
  it("stops after its time-out and says that it was missed, until that was read", () => {
    const one = armed();
    one.time.pass(20 * MINUTE - 1);
    expect(one.rings).toEqual(["x1"]);
    one.time.pass(1);
    expect(one.shown).toEqual(["x timed_out"]);
    one.store({ occurrences: [occurrence("x", { state: "missed", ring_count: 1 })] });
    expect(one.shown).toEqual(["x missed"]);
    one.ringer.close(one.state.get("x") as Ring);
    expect(one.shown).toEqual([]);
  });
});

describe("woken late", () => {
  const asleep = (one: Device, minutes: number) => {
    one.time.freeze();
    one.time.pass(minutes * MINUTE);
    one.time.thaw();
    one.ringer.look();
  };

  it("rings at once without a connection, and knows how late it is", () => {
    const one = armed();
    asleep(one, 14);
    expect(one.rings).toEqual(["x1"]);
    expect(front(one).startedAt - front(one).dueAt).toBe(4 * MINUTE);
  });

  it("asks the server first where it can, and stays quiet when it was answered elsewhere", async () => {
    const one = armed((it) => (it.isOnline = true));
    one.onFetch = () =>
      (one.stored = { ...one.stored, occurrences: [occurrence("x", { state: "dismissed", ring_count: 1 })] });
    asleep(one, 14);
    await Promise.resolve();
    await new Promise((done) => setTimeout(done));
    expect(one.fetches).toBe(1);
    expect(one.rings).toEqual([]);
  });

  it("rings late when the server knows no better", async () => {
    const one = armed((it) => (it.isOnline = true));
    asleep(one, 14);
    expect(one.rings).toEqual([]);
    await new Promise((done) => setTimeout(done));
    expect(one.fetches).toBe(1);
    expect(one.rings).toEqual(["x1"]);
  });

  it("does not ring a stale ring that was pulled long ago", () => {
    const ringingTwice = { state: "ringing", ring_count: 2 } as const;
    const one = armed(
      (it) => (it.stored = { ...it.stored, pulledAt: SEVEN - 15 * MINUTE, occurrences: [occurrence("x", ringingTwice)] }),
    );
    expect(one.rings).toEqual([]);
  });
});
