// What is sent of a night, what a failure leaves, and when it may be tried.
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { Nights } from "./nights";
import { sendNight, type Answer } from "./sending";
import { afterFailure, isTimeToSend, NO_FAILURE } from "./turns";
import { isSmartWakeOpen } from "./windows";

const START = Date.UTC(2027, 0, 1, 22);
let nights: Nights;
let calls: [string, string, Record<string, unknown>][];
let answers: Answer[];

const call = (method: "PUT" | "POST", path: string, body: object): Promise<Answer> => {
  calls.push([method, path, body as Record<string, unknown>]);
  return Promise.resolve(answers.shift() ?? { type: "answered", status: 200, json: { smart_wake: null } });
};
let now: number;
const send = (id = "a") => sendNight(id, { nights, call, now: () => now });

beforeEach(async () => {
  [nights, calls, answers, now] = [new Nights(`nights-${Math.random()}`), [], [], START];
  await nights.begin({
    id: "a",
    userId: "ann",
    deviceId: "d",
    timeZone: "Europe/Madrid",
    startAt: START,
    isTold: false,
    next: 0,
    lastAt: START,
    endedAt: null,
    pauses: [],
  });
});

describe("a night", () => {
  it("is told once, then its epochs go in runs, and what the server has is forgotten here", async () => {
    const epochs = [0, 1, 2, 5].map((index) => ({ index, count: index === 1 ? null : index }));
    await nights.add("a", epochs, START);
    expect(await send()).toEqual({ type: "sent", rings: false });
    expect(calls).toEqual([
      [
        "PUT",
        "/sleep/sessions/a",
        {
          start: "2027-01-01T22:00:00.000Z",
          epoch_seconds: 30,
          source: "mattress",
          time_zone: "Europe/Madrid",
          device_id: "d",
        },
      ],
      ["POST", "/sleep/sessions/a/epochs", { first: 0, counts: [0, null, 2] }],
      ["POST", "/sleep/sessions/a/epochs", { first: 5, counts: [5] }],
    ]);
    expect(await nights.countWaiting("a")).toBe(0);
    calls = [];
    await send();
    expect(calls).toEqual([]);
  });

  it("of a whole day goes in batches of two hours", async () => {
    const epochs = Array.from({ length: 500 }, (_, index) => ({ index, count: 0 }));
    await nights.add("a", epochs, START);
    await send();
    expect(calls.slice(1).map(([, , body]) => (body["counts"] as unknown[]).length)).toEqual([240, 240, 20]);
  });

  it("keeps what was not taken, and sends it with the next try", async () => {
    await nights.add("a", [{ index: 0, count: 1 }], START);
    answers = [
      { type: "answered", status: 201, json: {} },
      { type: "later", retryAfterMs: 7_000 },
    ];
    expect(await send()).toEqual({ type: "later", retryAfterMs: 7_000 });
    expect(await nights.countWaiting("a")).toBe(1);
    expect(await send()).toEqual({ type: "sent", rings: false });
    expect(calls.map(([method]) => method)).toEqual(["PUT", "POST", "POST"]);
  });

  it("is ended after its last epoch, and gone from here then", async () => {
    await nights.add("a", [{ index: 0, count: 1 }], START);
    await nights.change("a", { endedAt: START + 30_000 });
    expect(await send()).toEqual({ type: "finished" });
    expect(calls.map(([, path]) => path.split("/").at(-1))).toEqual(["a", "epochs", "finish"]);
    expect(await nights.read("a")).toBeUndefined();
    expect(await send()).toEqual({ type: "finished" });
  });

  it.each([
    [403, "consent_required", "no_consent"],
    [404, "ml_disabled", "switched_off"],
    [404, "not_found", "gone"],
    [410, "session_deleted", "gone"],
    [409, "overlapping_session", "overlapping"],
    [409, "session_exists", "refused"],
  ])("refused with %i %s is forgotten: %s", async (status, code, reason) => {
    answers = [{ type: "answered", status, json: { code } }];
    expect(await send()).toEqual({ type: "refused", reason });
    expect(await nights.read("a")).toBeUndefined();
  });

  it.each([
    [422, "invalid"], // a clock that is ahead: these half minutes have not ended yet, for the server
    [409, "busy"],
    [409, "stale_version"],
    [403, undefined], // whoever guards the server, and not the server
    [404, undefined],
    [413, "too_large"],
    [400, "malformed"],
  ])("keeps its epochs after %i %s, which may pass", async (status, code) => {
    await nights.add("a", [{ index: 0, count: 1 }], START);
    answers = [
      { type: "answered", status: 201, json: {} },
      { type: "answered", status, json: code === undefined ? null : { code } },
    ];
    expect(await send()).toEqual({ type: "later", retryAfterMs: null });
    expect(await nights.countWaiting("a")).toBe(1);
    expect(await send()).toEqual({ type: "sent", rings: false });
    expect(calls.map(([method]) => method)).toEqual(["PUT", "POST", "POST"]);
  });

  it("is not tried for ever: what is refused after a week stays refused", async () => {
    answers = [{ type: "answered", status: 422, json: { code: "invalid" } }];
    now = START + 8 * 24 * 60 * 60_000;
    expect(await send()).toEqual({ type: "refused", reason: "refused" });
    expect(await nights.read("a")).toBeUndefined();
  });

  it("goes without its device when that was removed meanwhile", async () => {
    answers = [
      { type: "answered", status: 422, json: { code: "invalid", errors: [{ pointer: "/device_id", message: "none" }] } },
    ];
    expect(await send()).toEqual({ type: "sent", rings: false });
    expect(calls.map(([, , body]) => body["device_id"])).toEqual(["d", null]);
  });

  it("waits for the one before it: the server has one night at a time, and would refuse it", async () => {
    await nights.change("a", { endedAt: START + 30_000 });
    await nights.begin({ ...(await nights.read("a"))!, id: "b", startAt: START + 60_000, endedAt: null });
    answers = [{ type: "later", retryAfterMs: 5_000 }];
    expect(await send("b")).toEqual({ type: "later", retryAfterMs: 5_000 });
    expect(await nights.read("b")).toBeDefined();
    calls = [];
    expect(await send("b")).toEqual({ type: "sent", rings: false });
    expect(calls.map(([method, path]) => `${method} ${path}`)).toEqual([
      "PUT /sleep/sessions/a",
      "POST /sleep/sessions/a/finish",
      "PUT /sleep/sessions/b",
    ]);
  });

  it("hands on that an alarm rings now", async () => {
    await nights.add("a", [{ index: 0, count: 1 }], START);
    answers = [
      { type: "answered", status: 201, json: {} },
      { type: "answered", status: 200, json: { smart_wake: { rings: true } } },
    ];
    expect(await send()).toEqual({ type: "sent", rings: true });
  });

  it("that was forgotten is not made again by what comes late", async () => {
    await nights.clear();
    await nights.add("a", [{ index: 0, count: 1 }], START);
    await nights.change("a", { endedAt: START });
    expect([await nights.read("a"), await nights.countWaiting("a")]).toEqual([undefined, 0]);
  });
});

describe("the time to send", () => {
  it("is longer after each failure, to five minutes and a half more, and never before the server asked", () => {
    const waits: number[] = [];
    let turns = NO_FAILURE;
    for (let i = 0; i < 6; i += 1) {
      turns = afterFailure(turns, 0, null, 0.5);
      waits.push(turns.notBefore);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
    expect(afterFailure(turns, 0, 900_000, 0).notBefore).toBe(900_000);
    expect(isTimeToSend(turns, 10, false, 299_999)).toBe(false);
    expect(isTimeToSend(turns, 10, false, 300_000)).toBe(true);
    expect(isTimeToSend(turns, 1, true, 0)).toBe(true);
    expect(isTimeToSend(NO_FAILURE, 0, true, 0)).toBe(false);
  });
});

describe("the smart wake window", () => {
  const at = Date.UTC(2027, 0, 2, 7);
  const MINUTE = 60_000;
  const occurrence = (change: object) => ({
    fields: {
      alarm_id: "x",
      label: "",
      at: new Date(at).toISOString(),
      local: "",
      state: "pending" as const,
      ring_count: 0,
      snoozed_until: null,
      answered_by: null,
      reason: null,
      ...change,
    },
  });
  const alarm = (minutes: number, enabled = true) => [{ id: "x", fields: { smart_wake_minutes: minutes, enabled } }];

  it.each([
    [-32, false],
    [-31, true],
    [0, true],
    [1, true],
    [2, false],
  ])("of half an hour is open at %i minutes: %s", (minutes, isOpen) => {
    expect(isSmartWakeOpen([occurrence({})], alarm(30), at + minutes * MINUTE)).toBe(isOpen);
  });

  it("is never open without one, when it is skipped, off, or has rung", () => {
    const now = at - 5 * MINUTE;
    expect(isSmartWakeOpen([occurrence({})], alarm(0), now)).toBe(false);
    expect(isSmartWakeOpen([occurrence({})], alarm(30, false), now)).toBe(false);
    expect(isSmartWakeOpen([occurrence({ status: "skipped" })], alarm(30), now)).toBe(false);
    expect(isSmartWakeOpen([occurrence({ state: "dismissed" })], alarm(30), now)).toBe(false);
    expect(isSmartWakeOpen([occurrence({ alarm_id: null })], alarm(30), now)).toBe(false);
  });
});
