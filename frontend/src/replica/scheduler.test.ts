// When rounds are made: coalesced, one at a time, tried again with growing pauses.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Round } from "./engine";
import { Scheduler } from "./scheduler";

const OFFLINE: Round = { type: "offline", retryAfterMs: null };

class Bench {
  readonly startedAt: number[] = [];
  answer: Round = { type: "done" };
  takesMs = 0;
  isVisible = true;
  readonly scheduler = new Scheduler({
    sync: async () => {
      this.startedAt.push(Date.now());
      if (this.takesMs) await new Promise((done) => setTimeout(done, this.takesMs));
      return this.answer;
    },
    onRound: () => undefined,
    isVisible: () => this.isVisible,
    random: () => 0.5,
  });
}

describe("the scheduler", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  it("syncs at its start and then every minute", async () => {
    const bench = new Bench();
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(150_000);
    expect(bench.startedAt).toEqual([0, 60_000, 120_000]);
  });

  it("makes one round of many wishes", async () => {
    const bench = new Bench();
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(1000);
    for (let wish = 0; wish < 20; wish++) bench.scheduler.ask();
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.startedAt).toEqual([0, 1050]);
  });

  it("makes one more round for what was wished during one, and never two at once", async () => {
    const bench = new Bench();
    bench.takesMs = 500;
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(100);
    bench.scheduler.ask();
    bench.scheduler.ask();
    await vi.advanceTimersByTimeAsync(5000);
    expect(bench.startedAt).toEqual([0, 550]);
  });

  it("waits longer after each failure, up to a minute, and begins small again after a success", async () => {
    const bench = new Bench();
    bench.answer = OFFLINE;
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(200_000);
    const pauses = bench.startedAt.slice(1).map((at, place) => at - bench.startedAt[place]!);
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    bench.answer = { type: "done" };
    await bench.scheduler.syncNow();
    bench.answer = OFFLINE;
    await bench.scheduler.syncNow();
    const before = bench.startedAt.length;
    await vi.advanceTimersByTimeAsync(1000);
    expect(bench.startedAt.length).toBe(before + 1);
  });

  it("does not come before the server asked it to, whoever wishes it", async () => {
    const bench = new Bench();
    bench.answer = { type: "server", retryAfterMs: 30_000 };
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(1);
    bench.scheduler.ask(0);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(bench.startedAt).toEqual([0]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(bench.startedAt).toEqual([0, 30_000]);
  });

  it("leaves a page that nobody looks at alone, but for what is wished or has failed", async () => {
    const bench = new Bench();
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(10);
    bench.isVisible = false;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(bench.startedAt).toEqual([0]);
    bench.scheduler.ask(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(bench.startedAt).toHaveLength(2);
  });

  it("stands still once it was stopped or nobody is signed in", async () => {
    const bench = new Bench();
    bench.answer = { type: "signed_out", retryAfterMs: null };
    bench.scheduler.start();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(bench.startedAt).toEqual([0]);
    bench.scheduler.stop();
    bench.scheduler.ask();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(bench.startedAt).toEqual([0]);
  });
});
