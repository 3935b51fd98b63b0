// A night as it is recorded: begun, paused, interrupted, sent in its time, ended. Time, sensor and server are fakes.
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Epoch } from "./counter";
import { Nights, type Night } from "./nights";
import { FIRST_SAMPLE_MS, Recorder, RESUMED_WITHIN_MS } from "./recorder";
import type { Sent } from "./sending";
import type { Recording } from "./view";

const START = 1_800_000_000_000;
const EPOCH = 30_000;

function bench(nights: Nights) {
  let now = START;
  const timers = new Set<{ at: number; run: () => void }>();
  const seen: Recording[] = [];
  const sent: string[] = [];
  const begun: [number, number][] = [];
  const world = { isUrgent: false, wasHidden: false, rings: 0, answer: { type: "sent", rings: false } as Sent };
  let onBatch: ((batch: { at: Float64Array; z: Float32Array }) => void) | null = null;
  let onEpochs: (epochs: readonly Epoch[]) => void = () => undefined;
  let made = 0;
  const recorder = new Recorder({
    now: () => now,
    random: () => 0.5,
    newId: () => `night-${(made += 1)}`,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    nights,
    who: () => Promise.resolve({ userId: "ann", deviceId: null, timeZone: "Europe/Madrid" }),
    count: (tell) => {
      onEpochs = tell;
      return {
        start: (startAt, first) => void begun.push([startAt, first]),
        add: () => undefined,
        tick: () => undefined,
        finish: () => Promise.resolve(),
        close: () => undefined,
      };
    },
    feel: (tell) => {
      onBatch = tell;
      return () => (onBatch = null);
    },
    send: (id) => {
      sent.push(id);
      return Promise.resolve(world.answer);
    },
    isUrgent: () => world.isUrgent,
    wasHidden: () => {
      const was = world.wasHidden;
      world.wasHidden = false;
      return was;
    },
    onRings: () => void (world.rings += 1),
    onChange: (recording) => void seen.push(recording),
  });
  return {
    recorder,
    world,
    sent,
    begun,
    view: () => seen.at(-1),
    isListening: () => onBatch !== null,
    sample: () => onBatch?.({ at: Float64Array.of(now), z: Float32Array.of(1) }),
    epochs: (first: number, count: number) =>
      onEpochs(Array.from({ length: count }, (_, i) => ({ index: first + i, count: 0 }))),
    pass: (ms: number) => {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = due.at;
        due.run();
      }
      now = until;
    },
  };
}

/** Until the disk has answered: its fake needs some turns of the event loop, however slow the machine. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 150; turn += 1) await new Promise((next) => setImmediate(next));
}

let nights: Nights;
beforeEach(() => {
  nights = new Nights(`nights-${Math.random()}`);
});

async function recording(on = nights) {
  const night = bench(on);
  night.recorder.start();
  night.sample();
  await settle();
  return night;
}

const stored = (change: Partial<Night>): Night => ({
  id: "old",
  userId: "ann",
  deviceId: null,
  timeZone: "Europe/Madrid",
  startAt: START - 3_600_000,
  isTold: true,
  next: 100,
  lastAt: START - 60_000,
  endedAt: null,
  pauses: [],
  ...change,
});

describe("a recording", () => {
  it("keeps and tells nothing before the first sample, and gives up when none comes", async () => {
    const { recorder, view, pass, sent, isListening } = bench(nights);
    recorder.start();
    expect(view()).toEqual({ status: "starting" });
    pass(FIRST_SAMPLE_MS);
    expect(view()).toEqual({ status: "off", problem: "no_samples" });
    expect([isListening(), sent, await nights.of("ann")]).toEqual([false, [], []]);
  });

  it("begins with the first sample on a whole second, and tells the server at once", async () => {
    const { view, begun, sent } = await recording();
    expect(view()).toMatchObject({ status: "recording", id: "night-1", startAt: START, countedAt: null });
    expect(begun).toEqual([[START, 0]]);
    expect(sent).toEqual(["night-1"]);
  });

  it("sends every five minutes, and each half minute while an alarm may ring early", async () => {
    const { epochs, sent, world } = await recording();
    epochs(0, 9);
    await settle();
    expect(sent).toHaveLength(1);
    epochs(9, 1);
    await settle();
    expect(sent).toHaveLength(2);
    for (const epoch of await nights.waiting("night-1", 99)) await nights.sent("night-1", epoch.index, epoch.index);
    world.isUrgent = true;
    epochs(10, 1);
    await settle();
    expect(sent).toHaveLength(3);
  });

  it("hears from the server that an alarm rings now", async () => {
    const { epochs, world } = await recording();
    world.isUrgent = true;
    world.answer = { type: "sent", rings: true };
    epochs(0, 1);
    await settle();
    expect(world.rings).toBe(1);
  });

  it("keeps all of it without a connection, and tries again later, not at once", async () => {
    const night = await recording();
    night.world.answer = { type: "later", retryAfterMs: null };
    night.epochs(0, 10);
    await settle();
    night.epochs(10, 1);
    await settle();
    expect(night.sent).toHaveLength(2);
    night.pass(EPOCH + 1);
    night.epochs(11, 1);
    await settle();
    expect(night.sent).toHaveLength(3);
    expect(night.view()).toMatchObject({ status: "recording", waiting: 12 });
    expect(await nights.countWaiting("night-1")).toBe(12);
  });

  it("says that nothing comes, and notes the pause when it comes again, with its reason", async () => {
    const { pass, sample, view, world } = await recording();
    pass(15_000);
    expect(view()).toMatchObject({ silentSince: START });
    world.wasHidden = true;
    pass(285_000);
    sample();
    const pauses = [{ from: START, to: START + 300_000, reason: "hidden" }];
    expect(view()).toMatchObject({ silentSince: null, pauses });
    await settle();
    expect((await nights.read("night-1"))?.pauses).toEqual(pauses);
  });

  it("ends with “I'm up”: its end is kept, then told", async () => {
    const { recorder, view, world, isListening } = await recording();
    world.answer = { type: "later", retryAfterMs: null };
    await recorder.finish();
    expect(view()).toMatchObject({ status: "ended", endAt: START, isSent: false });
    expect((await nights.read("night-1"))?.endedAt).toBe(START);
    expect(isListening()).toBe(false);
  });

  it("sends the end when there is a connection again, without anybody pressing anything", async () => {
    const { recorder, view, world, sent } = await recording();
    world.answer = { type: "later", retryAfterMs: null };
    await recorder.finish();
    expect(view()).toMatchObject({ status: "ended", isSent: false });
    const tries = sent.length;
    world.answer = { type: "finished" };
    recorder.tryNow();
    await settle();
    expect(sent).toHaveLength(tries + 1);
    expect(view()).toMatchObject({ status: "ended", isSent: true });
    recorder.tryNow();
    await settle();
    expect(sent).toHaveLength(tries + 1);
  });

  it("stops when the server does not take it, and says why", async () => {
    const { epochs, view, world } = await recording();
    world.answer = { type: "refused", reason: "no_consent" };
    epochs(0, 10);
    await settle();
    expect(view()).toEqual({ status: "off", problem: "no_consent" });
  });
});

describe("after a reload", () => {
  it("goes on with a night of a moment ago", async () => {
    await nights.begin(stored({}));
    const { view, begun } = await recording();
    expect(begun).toEqual([[START - 3_600_000, 100]]);
    expect(view()).toMatchObject({ id: "old", pauses: [{ from: START - 60_000, to: START, reason: "closed" }] });
  });

  it("ends one that is older where it was left, and begins another", async () => {
    const lastAt = START - RESUMED_WITHIN_MS;
    await nights.begin(stored({ lastAt }));
    const { view, sent } = await recording();
    expect(view()).toMatchObject({ id: "night-1", startAt: START });
    expect(sent).toEqual(["old", "night-1"]);
    expect((await nights.read("old"))?.endedAt).toBe(lastAt);
  });

  it("leaves the nights of somebody else alone", async () => {
    await nights.begin(stored({ userId: "bob" }));
    const { view, sent } = await recording();
    expect(view()).toMatchObject({ id: "night-1" });
    expect(sent).toEqual(["night-1"]);
  });
});
