import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { requestToAnswer } from "./answering";
import { ClientOfWorker, WorkerFailed, type WorkerLike } from "./clientOfWorker";
import { InvalidSchedule, UnknownZone } from "./errors";
import type { Zones } from "./preview";
import type { Answer, Request } from "./protocol";

/** Answers as the real one does, by copies; or never. */
class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<Answer>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  isTerminated = false;

  constructor(readonly isStuck = false) {}

  postMessage(request: Request): void {
    const copy = structuredClone(request);
    if (this.isStuck) return;
    queueMicrotask(() => this.onmessage?.({ data: structuredClone(requestToAnswer(copy)) } as MessageEvent<Answer>));
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

const HORIZON = Date.parse("2028-12-01T00:00:00Z");
const NOW = Date.parse("2026-12-01T05:00:00Z");
const ZONES: Zones = { tables: { UTC: [[HORIZON, 0]] }, userZone: "UTC" };
const ALARM = {
  id: "a",
  label: "Work",
  enabled: true,
  time_zone: null,
  schedule: { start: "2026-12-01T07:00:00", rrule: "FREQ=DAILY" },
};

function clientOf(...workers: FakeWorker[]): { client: ClientOfWorker; started: () => number } {
  let count = 0;
  return { client: new ClientOfWorker(() => workers[count++]!), started: () => count };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a question", () => {
  test("starts the worker when it is the first, and only then", async () => {
    const { client, started } = clientOf(new FakeWorker());
    expect(started()).toBe(0);
    const [rings, error] = await Promise.all([
      client.ask("preview", ALARM, ZONES, NOW, 2, []),
      client.ask("validateRule", "FREQ=HOURLY"),
    ]);
    expect(rings.items.map(({ local }) => local)).toEqual(["2026-12-01T07:00:00+00:00", "2026-12-02T07:00:00+00:00"]);
    expect(error).toEqual({ code: "sub_daily", part: "FREQ", range: null });
    expect(started()).toBe(1);
  });

  test("of every method is answered", async () => {
    const { client } = clientOf(new FakeWorker());
    expect(await client.ask("validateRule", "FREQ=DAILY")).toBeNull();
    expect((await client.ask("nextOccurrences", [ALARM], ZONES, NOW, []))["a"]).toMatchObject({ status: "will_ring" });
    expect((await client.ask("coming", [ALARM], ZONES, NOW, NOW + 48 * 3_600_000, []))["a"]).toHaveLength(2);
  });

  test("that cannot be answered is rejected with the error itself", async () => {
    const { client } = clientOf(new FakeWorker());
    const wrong = { ...ALARM, schedule: { start: "2026-12-01T07:00:00", rrule: "FREQ=DAILY;COUNT=0" } };
    await expect(client.ask("preview", wrong, ZONES, NOW, 1)).rejects.toThrow(
      new InvalidSchedule("rrule", "not_in_range", "COUNT"),
    );
    await expect(client.ask("preview", { ...ALARM, time_zone: "Mars" }, ZONES, NOW, 1)).rejects.toThrow(
      new UnknownZone("Mars"),
    );
    const broken = { ...ALARM, schedule: null as unknown as typeof ALARM.schedule };
    await expect(client.ask("preview", broken, ZONES, NOW, 1)).rejects.toThrow(WorkerFailed);
  });
});

describe("a worker", () => {
  test("that says nothing for five seconds is ended, all that wait are told, and the next question starts another", async () => {
    const stuck = new FakeWorker(true);
    const { client, started } = clientOf(stuck, new FakeWorker());
    const asked = [client.ask("validateRule", "FREQ=DAILY"), client.ask("validateRule", "FREQ=WEEKLY")];
    const told = Promise.allSettled(asked);
    await vi.advanceTimersByTimeAsync(4999);
    expect(stuck.isTerminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(stuck.isTerminated).toBe(true);
    for (const result of await told)
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(WorkerFailed) as unknown });
    expect(await client.ask("validateRule", "FREQ=DAILY")).toBeNull();
    expect(started()).toBe(2);
  });

  test("that breaks down, or gives what nobody can read, is ended", async () => {
    const [broken, unreadable] = [new FakeWorker(true), new FakeWorker(true)];
    const { client } = clientOf(broken, unreadable);
    const first = client.ask("validateRule", "FREQ=DAILY");
    broken.onerror?.({ message: "out of memory" } as ErrorEvent);
    await expect(first).rejects.toThrow("out of memory");
    const second = client.ask("validateRule", "FREQ=DAILY");
    unreadable.onmessageerror?.({} as MessageEvent);
    await expect(second).rejects.toThrow(WorkerFailed);
    expect([broken.isTerminated, unreadable.isTerminated]).toEqual([true, true]);
  });

  test("that cannot be started rejects the question", async () => {
    const client = new ClientOfWorker(() => {
      throw new Error("blocked");
    });
    await expect(client.ask("validateRule", "FREQ=DAILY")).rejects.toThrow(WorkerFailed);
  });

  test("that answers in time leaves no timer behind", async () => {
    const { client } = clientOf(new FakeWorker());
    await client.ask("validateRule", "FREQ=DAILY");
    expect(vi.getTimerCount()).toBe(0);
  });
});
