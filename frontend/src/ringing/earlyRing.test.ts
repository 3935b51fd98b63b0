// Smart wake on a device: what the server rang before the alarm's time, and what this device does when that time comes.
import { describe, expect, it } from "vitest";
import { contentOf } from "./due";
import { socketToNews } from "./messages";
import { ALARM, Device, MINUTE, occurrence, SEVEN } from "./ringer.fixtures";
import { ringing } from "./ringState";

/** A device that heard the ring ten minutes before seven, on an alarm that rings for some minutes. */
function woken(timeout = 10): Device {
  const one = new Device();
  const alarm = { ...ALARM, ring: { ...ALARM.ring, timeout_minutes: timeout } };
  one.store({ alarms: [{ kind: "alarm", id: "a", isPending: false, fields: alarm }] });
  const start = { id: "x", ring: 1, dueAt: SEVEN, content: contentOf("a", "Work", alarm, 1), rung: 0 };
  one.ringer.hear({ type: "ring", start });
  return one;
}

function stop(one: Device, state: string, until: number | null = null): void {
  const snoozed_until = until === null ? null : new Date(until).toISOString();
  const message = { type: "stop", occurrence_id: "x", state, by_device: null, snoozed_until };
  one.ringer.hear(socketToNews(message, one.state, () => ALARM, one.time.now())!);
}

describe("a ring before the alarm's time", () => {
  it("rings at once, and dismissed here it is over", () => {
    const one = woken();
    expect(one.rings).toEqual(["x1"]);
    one.ringer.dismiss(ringing(one.state)[0]!);
    one.time.pass(30 * MINUTE);
    expect(one.rings).toEqual([]);
    expect(one.answers.map(({ event, ring }) => [event, ring])).toEqual([["dismiss", 1]]);
  });

  it("dismissed elsewhere does not ring at the alarm's time", () => {
    const one = woken();
    stop(one, "dismissed");
    one.time.pass(30 * MINUTE);
    expect(one.rings).toEqual([]);
    expect(one.next).toBeNull();
  });

  it("of which this device never heard rings at the alarm's time", () => {
    const one = new Device();
    one.ringer.look();
    one.time.pass(10 * MINUTE);
    expect(one.rings).toEqual(["x1"]);
  });

  it("that nobody answered rings again at the alarm's time, with no network at all", () => {
    const one = woken(3);
    one.time.pass(4 * MINUTE);
    expect(one.rings).toEqual([]);
    expect(one.next).toMatchObject({ id: "x", ring: 2, ringAt: SEVEN });
    one.time.pass(6 * MINUTE);
    expect(one.rings).toEqual(["x2"]);
  });

  it("that still rings then begins anew, once, also when the server says so", () => {
    const one = woken(30);
    one.store({ occurrences: [occurrence("x", { state: "ringing", ring_count: 1 })] });
    one.time.pass(10 * MINUTE);
    expect(one.rings).toEqual(["x2"]);
    const fields = { ...occurrence("x").fields, id: "x", state: "ringing", ring_count: 2 };
    const message = { type: "ring", occurrence: fields, alarm: { id: "a", label: "Work" }, rung: 0 };
    one.ringer.hear(socketToNews(message, one.state, () => ALARM, one.time.now())!);
    expect(one.rings).toEqual(["x2"]);
    one.time.pass(60 * MINUTE);
    expect(one.rings).toEqual([]);
  });

  it("that rests until the alarm's time, as the server says, rings then as its second", () => {
    const one = woken(3);
    one.time.pass(3 * MINUTE);
    stop(one, "snoozed", SEVEN);
    one.time.pass(7 * MINUTE);
    expect(one.rings).toEqual(["x2"]);
  });

  it("snoozed past the alarm's time stays silent until then", () => {
    const one = woken();
    one.time.pass(5 * MINUTE);
    one.ringer.snooze(ringing(one.state)[0]!);
    one.time.pass(8 * MINUTE);
    expect(one.rings).toEqual([]);
    one.time.pass(MINUTE);
    expect(one.rings).toEqual(["x2"]);
  });

  it("does not double the ring of its time when a clock was a little off", () => {
    const one = new Device();
    one.ringer.look();
    one.time.pass(10 * MINUTE - 20_000);
    const start = { id: "x", ring: 1, dueAt: SEVEN, content: contentOf("a", "Work", ALARM, 1), rung: 0 };
    one.ringer.hear({ type: "ring", start });
    one.time.pass(MINUTE);
    expect(one.rings).toEqual(["x1"]);
  });

  it("that went on when this page was loaded anew rings again at the alarm's time, with no network", () => {
    const one = new Device();
    const rings = (ring_count: number) => [occurrence("x", { state: "ringing", ring_count })];
    one.store({ occurrences: rings(1), pulledAt: SEVEN - 15 * MINUTE });
    expect(one.next).toMatchObject({ id: "x", ring: 2, ringAt: SEVEN });
    one.store({ occurrences: rings(2), pulledAt: SEVEN - 15 * MINUTE });
    one.time.pass(10 * MINUTE);
    expect(one.rings).toEqual(["x3"]);
  });

  it("that rings elsewhere when this page is loaded rings here too, and again at the alarm's time", () => {
    const one = new Device();
    one.store({ occurrences: [occurrence("x", { state: "ringing", ring_count: 1 })], pulledAt: SEVEN - 10 * MINUTE });
    expect(one.rings).toEqual(["x1"]);
    one.time.pass(10 * MINUTE);
    expect(one.rings).toEqual(["x2"]);
  });

  it("that rests or is snoozed is silent when it was left out, or its alarm switched off, on this device", () => {
    const rests = [occurrence("x", { state: "snoozed", ring_count: 1, snoozed_until: new Date(SEVEN).toISOString() })];
    const one = new Device();
    one.store({ occurrences: rests, skips: [{ kind: "skip", id: "x", isPending: true, fields: { skipped: true } }] });
    expect(one.next).toBeNull();
    one.store({ skips: [] });
    expect(one.next).toMatchObject({ ring: 2, ringAt: SEVEN });
    one.store({ alarms: [{ kind: "alarm", id: "a", isPending: true, fields: { ...ALARM, enabled: false } }] });
    expect(one.next).toBeNull();
  });
});
