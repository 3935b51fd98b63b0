// Reports of a ring: once each, tried again while it makes sense, given up in time.
import { describe, expect, it } from "vitest";
import { createReports } from "./reports";

function setUp(outcomes: ("done" | "again" | Error)[]) {
  const sent: string[] = [];
  const waits: number[] = [];
  const report = createReports({
    send: (id, event, at) => {
      sent.push(`${id} ${event} ${at}`);
      const outcome = outcomes.shift() ?? "again";
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    now: () => Date.UTC(2026, 11, 1, 7),
  });
  return { report, sent, waits };
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

  it("is tried again without a connection, or when the server does not know the ring yet", async () => {
    const { report, sent, waits } = setUp([new TypeError("offline"), "again", "done"]);
    report("x", 1, "heard");
    await settled();
    expect([sent.length, waits]).toEqual([3, [1_000, 3_000]]);
  });

  it("is given up after five tries", async () => {
    const { report, sent, waits } = setUp([]);
    report("x", 1, "heard");
    await settled();
    expect([sent.length, waits.length]).toEqual([5, 4]);
  });
});
