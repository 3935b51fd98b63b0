// Signing up, in and out on one browser: what is kept, what is asked, what is forgotten.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../replica/context";
import { writeEdits } from "../replica/writing";
import type * as SessionModule from "./session";

type Module = typeof SessionModule;

const ANA = { email: "ana@example.com", password: "correct horse" };
let session: Module;
let context: Context;
let calls: string[];
let answer: (path: string) => Response;

function signedIn(id: string, email: string): Response {
  return Response.json({ user: { id, email }, access_token: `token of ${id}`, expires_in: 900, refresh_token: null });
}

async function edit(): Promise<void> {
  const fields = { label: "Work" };
  await writeEdits({ disk: context.disk, now: () => Date.now(), newId: () => crypto.randomUUID() }, [
    { kind: "alarm", id: "a", fields },
  ]);
}

beforeEach(async () => {
  calls = [];
  answer = () => new Response(null, { status: 503 });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("location", { origin: "http://server" });
  vi.stubGlobal("fetch", (input: string, init?: RequestInit) => {
    const path = input.slice("http://server/api/v1".length);
    calls.push(`${init?.method ?? "GET"} ${path}`);
    return Promise.resolve(answer(path));
  });
  vi.resetModules();
  session = await import("./session");
  context = (await import("../replica/context")).context();
  await context.disk.clear();
});

afterEach(async () => {
  context.channel.close();
  await context.disk.close();
  vi.unstubAllGlobals();
});

describe("a first load", () => {
  it("makes no call", async () => {
    await session.startSession();
    expect(session.useSession.getState()).toMatchObject({ status: "signed_out" });
    expect(await session.accessToken()).toBeNull();
    expect(calls).toEqual([]);
  });
});

describe("signing in", () => {
  it("keeps who it is on the disk, and the tokens nowhere but in memory", async () => {
    answer = () => signedIn("1", "ana@example.com");
    expect(await session.signIn(ANA)).toEqual({ ok: true });
    expect(calls).toEqual(["POST /auth/login?session=cookie"]);
    expect(session.useSession.getState()).toMatchObject({ status: "signed_in", userId: "1", email: "ana@example.com" });
    expect(await session.accessToken()).toBe("token of 1");
    expect(JSON.stringify(await (await context.disk.db()).getAll("meta"))).not.toContain("token of");
  });

  it("holds without a connection the next time", async () => {
    answer = () => signedIn("1", "ana@example.com");
    await session.signIn(ANA);
    answer = () => {
      throw new TypeError("offline");
    };
    session.useSession.setState({ status: "starting", userId: null });
    await session.startSession();
    expect(session.useSession.getState()).toMatchObject({ status: "signed_in", userId: "1" });
  });

  it("gives this device's clocks and the device itself one name", async () => {
    answer = () => signedIn("1", "ana@example.com");
    await session.signIn(ANA);
    expect(await context.disk.read("client_id")).toBe(await session.ownDeviceId());
  });

  it.each([
    [401, {}, { reason: "credentials" }],
    [409, {}, { reason: "taken" }],
    [
      422,
      { errors: [{ pointer: "/email", message: "No." }] },
      { reason: "invalid", fields: [{ pointer: "/email", message: "No." }] },
    ],
    [503, {}, { reason: "server" }],
  ])("says what was wrong after %i", async (status, body, problem) => {
    answer = () => Response.json(body, { status });
    expect(await session.signUp({ ...ANA, time_zone: "Europe/Madrid", locale: "en" })).toEqual({ ok: false, ...problem });
    expect(await context.disk.read("session")).toBeUndefined();
  });

  it("says how long to wait after too many tries", async () => {
    answer = () => new Response("{}", { status: 429, headers: { "Retry-After": "90" } });
    expect(await session.signIn(ANA)).toEqual({ ok: false, reason: "too_many", retryAfterSeconds: 90 });
  });

  it("again as the same person loses nothing", async () => {
    answer = () => signedIn("1", "ana@example.com");
    await session.signIn(ANA);
    await edit();
    await context.disk.change("session", (known) => ({ ...known, isEnded: true }));
    expect(await session.signIn(ANA)).toEqual({ ok: true });
    expect(await (await context.disk.db()).count("outbox")).toBe(1);
    expect(session.useSession.getState().isEnded).toBe(false);
  });

  it("as somebody else asks first, and then finds nothing of the other", async () => {
    answer = () => signedIn("1", "ana@example.com");
    await session.signIn(ANA);
    await edit();
    const ben = { ...ANA, email: "ben@example.com" };
    calls = [];
    const asked = { ok: false, reason: "other_user", email: "ana@example.com", unsent: 1 };
    expect(await session.signIn(ben)).toEqual(asked);
    expect(calls).toEqual([]);
    answer = () => signedIn("2", "ben@example.com");
    expect(await session.signIn(ben, { isReplacing: true })).toEqual({ ok: true });
    expect(await (await context.disk.db()).count("outbox")).toBe(0);
    expect(session.useSession.getState()).toMatchObject({ userId: "2" });
  });
});

describe("signing out", () => {
  beforeEach(async () => {
    answer = () => signedIn("1", "ana@example.com");
    await session.signIn(ANA);
    calls = [];
  });

  it("warns of what is not sent yet, and does nothing more", async () => {
    await edit();
    answer = () => new Response(null, { status: 503 });
    expect(await session.signOut()).toEqual({ unsent: 1 });
    expect(session.useSession.getState().status).toBe("signed_in");
    expect(calls).toEqual(["POST /sync/push"]);
  });

  it("ends the session on the server and forgets everything here", async () => {
    await edit();
    answer = () => new Response(null, { status: 204 });
    const before = await session.ownDeviceId();
    expect(await session.signOut({ force: true })).toEqual({ unsent: 0 });
    expect(calls).toEqual(["POST /auth/logout"]);
    expect(session.useSession.getState()).toEqual({ status: "signed_out", userId: null, email: null, isEnded: false });
    const db = await context.disk.db();
    for (const store of ["base", "outbox", "meta", "notices"] as const) expect(await db.count(store)).toBe(0);
    expect(await session.accessToken()).toBeNull();
    expect(await session.ownDeviceId()).not.toBe(before);
  });

  it("works without a connection too", async () => {
    answer = () => {
      throw new TypeError("offline");
    };
    expect(await session.signOut({ force: true })).toEqual({ unsent: 0 });
    expect(await context.disk.read("session")).toBeUndefined();
  });

  it("takes this device off the server's list, so that no more pushes come", async () => {
    const id = await session.ownDeviceId();
    const db = await context.disk.db();
    await db.put("base", { kind: "device", id, version: 1, deleted: false, fields: { name: "Phone" }, clocks: {} });
    answer = () => new Response(null, { status: 204 });
    await session.signOut();
    expect(calls).toEqual([`DELETE /devices/${id}`, "POST /auth/logout"]);
  });
});
