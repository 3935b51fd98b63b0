// The engine against a server in memory: what is sent, what is fetched, and what becomes of edits on the way.
import { describe, expect, it } from "vitest";
import { Bench, labelled, whole } from "../../tests/replica/bench";
import { formatClock } from "../sync/clock";

const MINUTE_MS = 60_000;

function clockOf(ms: number, clientId = "other"): string {
  return formatClock({ ms, counter: 0, clientId });
}

describe("an edit", () => {
  it("shows at once, is marked pending, and is so no more once the server has it", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    expect(await bench.alarm("a")).toMatchObject({ isPending: true, fields: { label: "Work", snooze: { minutes: 9 } } });
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Work" } });
    expect(await bench.unsent()).toBe(0);
  });

  it("that is wrong at sight is not written, and neither are those with it", async () => {
    const bench = await Bench.signedIn();
    await expect(bench.write(whole("a", "Work"), { kind: "alarm", id: "a", fields: { colour: "red" } })).rejects.toThrow(
      "unknown_field at /fields/colour",
    );
    expect(await bench.unsent()).toBe(0);
  });

  it("is not taken when nobody is signed in", async () => {
    await expect(new Bench().write(whole("a", "Work"))).rejects.toThrow("signed in");
  });

  it("whose answer is lost is sent again, and counts once", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    bench.server.instead = async ({ path, body }) => {
      if (path.endsWith("/push")) bench.server.push(body as never);
      return Promise.reject(new TypeError("the connection broke"));
    };
    expect(await bench.engine.sync()).toMatchObject({ type: "offline" });
    expect(await bench.unsent()).toBe(1);
    bench.server.instead = () => null;
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect(await bench.unsent()).toBe(0);
    expect(bench.server.space.answers.size).toBe(1);
    expect(await bench.notices()).toEqual([]);
  });

  it("that the server has still shows when the pull after it breaks off", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    bench.server.instead = ({ path }) => (path.endsWith("/pull") ? Promise.reject(new TypeError("offline")) : null);
    expect(await bench.engine.sync()).toMatchObject({ type: "offline" });
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Work" } });
    await bench.write(labelled("a", "Later"));
    await bench.engine.sync();
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Later" } });
  });

  it("that waits goes in order, a hundred at a time", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "0"), ...Array.from({ length: 249 }, (_, place) => labelled("a", String(place + 1))));
    await bench.engine.sync();
    expect(bench.server.pushed.map((batch) => batch.length)).toEqual([100, 100, 50]);
    const clocks = bench.server.pushed.flat().map(({ clock }) => clock);
    expect(clocks).toEqual([...clocks].sort());
    expect(await bench.alarm("a")).toMatchObject({ fields: { label: "249" } });
  });

  it("that the server refuses is taken back and told", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    await bench.engine.sync();
    bench.server.refuse("a", "invalid_value", "/fields/label");
    await bench.write(labelled("a", "far too long"));
    await bench.engine.sync();
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Work" } });
    const refused = { type: "rejected", kind: "alarm", entityId: "a", fields: { label: "far too long" } };
    expect(await bench.notices()).toMatchObject([{ ...refused, code: "invalid_value", pointer: "/fields/label" }]);
  });

  it("that no server can read is set aside with a notice, and what waits behind it goes out", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"), labelled("b", "poison"), whole("c", "Gym"));
    bench.server.instead = ({ body }) =>
      JSON.stringify({ body }).includes("poison") ? new Response("{}", { status: 422 }) : null;
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect((await bench.shown("alarm")).map(({ fields }) => fields.label)).toEqual(["Work", "Gym"]);
    expect(await bench.notices()).toMatchObject([{ type: "rejected", entityId: "b", code: "unreadable" }]);
    expect(await bench.unsent()).toBe(0);
  });

  it("that is too large goes alone before it is given up", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"), whole("b", "Gym"));
    bench.server.instead = ({ body }) =>
      (body as { mutations: unknown[] } | null)?.mutations.length === 2 ? new Response("{}", { status: 413 }) : null;
    await bench.engine.sync();
    expect(bench.server.pushed.map((batch) => batch.length)).toEqual([1, 1]);
    expect(await bench.notices()).toEqual([]);
  });

  it("written by a clock that was far ahead goes on from the clock that the server recorded", async () => {
    const bench = await Bench.signedIn();
    bench.nowMs += 60 * MINUTE_MS;
    await bench.write(whole("a", "Work"));
    await bench.engine.sync();
    await bench.write(labelled("a", "Later"));
    await bench.engine.sync();
    const sent = bench.server.pushed.flat().map(({ clock }) => Number(clock.slice(0, 13)) - bench.server.now);
    expect(sent[0]).toBe(60 * MINUTE_MS);
    expect(sent[1]).toBeLessThan(1000);
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Later" } });
  });

  it("on a device whose clock is behind still comes after what it has seen", async () => {
    const bench = await Bench.signedIn();
    bench.server.write("alarm", "a", { ...whole("a", "Work").fields }, clockOf(bench.server.now));
    bench.server.instead = () => null;
    await bench.engine.sync();
    bench.nowMs -= 30 * 24 * 60 * MINUTE_MS;
    await bench.write(labelled("a", "Mine"));
    await bench.engine.sync();
    expect(await bench.alarm("a")).toMatchObject({ fields: { label: "Mine" } });
  });
});

describe("an edit that lost to another device", () => {
  async function lose(theirs: string): Promise<Bench> {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    await bench.engine.sync();
    await bench.write({ kind: "alarm", id: "a", fields: { label: "Mine", category: "work" } });
    bench.server.write("alarm", "a", { label: theirs }, clockOf(bench.server.now + MINUTE_MS));
    await bench.engine.sync();
    return bench;
  }

  it("is told with the fields that it lost, those alone", async () => {
    const bench = await lose("Theirs");
    expect(await bench.alarm("a")).toMatchObject({ isPending: false, fields: { label: "Theirs", category: "work" } });
    expect(await bench.notices()).toMatchObject([{ type: "superseded", entityId: "a", fields: { label: "Mine" } }]);
  });

  it("can be written again, and then wins", async () => {
    const bench = await lose("Theirs");
    const [notice] = await bench.notices();
    await bench.write({ kind: "alarm", id: notice!.entityId, fields: notice!.fields as never });
    await bench.engine.sync();
    expect(await bench.alarm("a")).toMatchObject({ fields: { label: "Mine" } });
  });

  it("is not told when the other wrote the same", async () => {
    expect(await (await lose("Mine")).notices()).toEqual([]);
  });

  it("is not told when the later edit is this device's own", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    await bench.engine.sync();
    bench.server.write("alarm", "a", { label: "Last" }, clockOf(bench.server.now + MINUTE_MS, bench.name));
    await bench.write(labelled("a", "First"));
    await bench.engine.sync();
    expect(await bench.notices()).toEqual([]);
  });
});

describe("a call", () => {
  it("that is refused with 401 is made once more, with another token", async () => {
    const bench = await Bench.signedIn();
    bench.token = (rejected) => Promise.resolve({ type: "token", token: rejected ? "new" : "old" });
    bench.server.instead = () => (bench.server.tokens.at(-1) === "old" ? new Response(null, { status: 401 }) : null);
    expect(await bench.engine.sync()).toEqual({ type: "done" });
    expect(bench.server.tokens).toEqual(["old", "new"]);
  });

  it("without a session is not made", async () => {
    const bench = await Bench.signedIn();
    await bench.disk.change("session", (session) => ({ ...session, isEnded: true }));
    expect(await bench.engine.sync()).toMatchObject({ type: "signed_out" });
    expect(bench.server.calls).toEqual([]);
  });

  it("that is too much says how long to wait", async () => {
    const bench = await Bench.signedIn();
    bench.server.instead = () => new Response(null, { status: 429, headers: { "Retry-After": "7" } });
    expect(await bench.engine.sync()).toEqual({ type: "server", retryAfterMs: 7000 });
  });

  it("that is answered with nonsense changes nothing", async () => {
    const bench = await Bench.signedIn();
    await bench.write(whole("a", "Work"));
    bench.server.instead = () => new Response("<html>", { status: 200 });
    expect(await bench.engine.sync()).toMatchObject({ type: "server" });
    expect(await bench.unsent()).toBe(1);
  });
});
