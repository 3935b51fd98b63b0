// What pulls bring: pages that replace, cursors that are gone, and what is forgotten.
import { describe, expect, it } from "vitest";
import { Bench, labelled, whole } from "../../tests/replica/bench";
import { formatClock } from "../sync/clock";

const MINUTE_MS = 60_000;

function clockOf(ms: number): string {
  return formatClock({ ms, counter: 0, clientId: "other" });
}

describe("a pull", () => {
  it("replaces what was known, and never merges it", async () => {
    const bench = await Bench.signedIn();
    const tx = (await bench.disk.db()).transaction("base", "readwrite");
    const wrong = { label: "Stale", schedule: {}, gone: true };
    const clocks = { label: clockOf(bench.server.now + 99 * MINUTE_MS) };
    await tx.store.put({ kind: "alarm", id: "a", version: 9, deleted: false, fields: wrong, clocks });
    await tx.done;
    bench.server.write("alarm", "a", { label: "True", schedule: {} }, clockOf(bench.server.now));
    await bench.engine.sync();
    const base = await (await bench.disk.db()).get("base", ["alarm", "a"]);
    expect(base?.fields).toEqual({ label: "True", schedule: {} });
  });

  it("goes on page by page to the end", async () => {
    const bench = await Bench.signedIn();
    bench.server.pageSize = 3;
    for (let place = 0; place < 10; place++) {
      bench.server.write("alarm", `a${place}`, { label: "x", schedule: {} }, clockOf(bench.server.now + place));
    }
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect(await bench.shown("alarm")).toHaveLength(10);
    expect(bench.server.calls.filter((call) => call.includes("pull"))).toHaveLength(4);
  });

  it("whose cursor is gone begins anew, and keeps what is not sent", async () => {
    const bench = await Bench.signedIn();
    bench.server.write("alarm", "a", { label: "Work", schedule: {} }, clockOf(bench.server.now));
    await bench.engine.sync();
    const db = await bench.disk.db();
    await db.put("base", {
      kind: "alarm",
      id: "ghost",
      version: 1,
      deleted: false,
      fields: { label: "x", schedule: {} },
      clocks: {},
    });
    bench.server.forgetCursors();
    await bench.write(labelled("a", "Mine"));
    bench.server.instead = ({ path }) => (path.endsWith("/push") ? new Response(null, { status: 404 }) : null);
    expect(await bench.engine.pullOnce()).toEqual({ type: "done" });
    expect((await bench.shown("alarm")).map(({ id, fields }) => [id, fields.label])).toEqual([["a", "Mine"]]);
    expect(await bench.unsent()).toBe(1);
  });

  it("that breaks off while it begins anew leaves the alarms as they were", async () => {
    const bench = await Bench.signedIn();
    bench.server.pageSize = 1;
    bench.server.write("alarm", "a", { label: "Work", schedule: {} }, clockOf(bench.server.now));
    bench.server.write("alarm", "b", { label: "Gym", schedule: {} }, clockOf(bench.server.now));
    await bench.engine.sync();
    bench.server.forgetCursors();
    let pulls = 0;
    bench.server.instead = () => (++pulls > 2 ? Promise.reject(new TypeError("offline")) : null);
    expect(await bench.engine.sync()).toMatchObject({ type: "offline" });
    expect(await bench.shown("alarm")).toHaveLength(2);
    bench.server.instead = () => null;
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect(await bench.shown("alarm")).toHaveLength(2);
  });

  it("writes nothing when its person signed out meanwhile", async () => {
    const bench = await Bench.signedIn();
    bench.server.write("alarm", "a", { label: "Work", schedule: {} }, clockOf(bench.server.now));
    bench.server.instead = async () => {
      await bench.disk.clear();
      return null;
    };
    expect((await bench.engine.sync()).type).not.toBe("done");
    expect(await (await bench.disk.db()).count("base")).toBe(0);
    expect(await bench.disk.read("cursor")).toBeUndefined();
  });

  it("drops an alarm that lives only in an old answer: a first pull leaves out what is deleted", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    bench.server.instead = ({ path, body }) => {
      if (!path.endsWith("/push")) return Response.json({ changes: [], cursor: "0-9", more: false, zones: {} });
      return Response.json(bench.server.push(body as never));
    };
    await bench.engine.sync();
    expect(await bench.shown("alarm")).toEqual([]);
  });

  it("forgets occurrences of more than two weeks ago, and coming ones that passed", async () => {
    const bench = await Bench.signedIn();
    const day = 24 * 60 * MINUTE_MS;
    const at = (days: number) => new Date(bench.server.now + days * day).toISOString();
    for (const [id, version, days] of [
      ["old", 3, -15],
      ["kept", 3, -13],
      ["passed", 0, -0.1],
      ["coming", 0, 1],
    ] as const) {
      bench.server.putOccurrence(id, version, { at: at(days), state: "pending" });
    }
    await bench.engine.sync();
    const kept = await (await bench.disk.db()).getAllKeys("base");
    expect(kept.map(([, id]) => id)).toEqual(["coming", "kept"]);
  });

  it("measures how far the clock is off", async () => {
    const bench = await Bench.signedIn();
    bench.nowMs -= 5 * MINUTE_MS;
    await bench.engine.sync();
    expect(bench.engine.now()).toBe(bench.server.now);
    expect(await bench.disk.read("offset")).toMatchObject({ ms: 5 * MINUTE_MS });
  });
});
