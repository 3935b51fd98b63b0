// Reports of a ring: once each, tried again while it makes sense, kept when the server cannot be reached.
import { describe, expect, it } from "vitest";
import { createReports, type Report } from "./reports";

function setUp(outcomes: ("done" | "again" | "unreachable" | Error)[]) {
  const sent: string[] = [];
  const waits: number[] = [];
  const kept: Report[] = [];
  const report = createReports({
    send: (id, event, at) => {
      sent.push(`${id} ${event} ${at}`);
      const outcome = outcomes.shift() ?? "again";
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
    keep: (one) => {
      kept.push(one);
      return Promise.resolve();
    },
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    now: () => Date.UTC(2026, 11, 1, 7),
  });
  return { report, sent, waits, kept };
}

const settled = () => new Promise((done) => setTimeout(done));

describe("a report", () => {
  it("is sent once for each ring and event, with the server-corrected instant", async () => {
    const { report, sent } = setUp(["done", "done", "done"]);
    report("x", 1, "shown");
    report("x", 1, "shown");
    report("x", 1, "heard");
    report("x", 2, "shown");
    await settled();
    expect(sent).toEqual([
      "x shown 2026-12-01T07:00:00.000Z",
      "x heard 2026-12-01T07:00:00.000Z",
      "x shown 2026-12-01T07:00:00.000Z",
    ]);
  });

  it("is tried again when the server does not know the ring yet", async () => {
    const { report, sent, waits, kept } = setUp(["again", "again", "done"]);
    report("x", 1, "heard");
    await settled();
    expect([sent.length, waits, kept]).toEqual([3, [1_000, 3_000], []]);
  });

  it.each([["unreachable" as const], [new TypeError("offline")]])(
    "is kept at once, for each ring and event one, when nothing answers: %s",
    async (outcome) => {
      const { report, sent, kept } = setUp([outcome, outcome]);
      report("x", 2, "heard");
      report("x", 2, "heard");
      report("x", 2, "shown");
      await settled();
      const at = "2026-12-01T07:00:00.000Z";
      expect(sent.length).toBe(2);
      expect(kept).toEqual([
        { occurrenceId: "x", ring: 2, event: "heard", at },
        { occurrenceId: "x", ring: 2, event: "shown", at },
      ]);
    },
  );

  it("is kept after five tries", async () => {
    const { report, sent, waits, kept } = setUp([]);
    report("x", 1, "heard");
    await settled();
    expect([sent.length, waits.length, kept.length]).toEqual([5, 4, 1]);
  });
});
