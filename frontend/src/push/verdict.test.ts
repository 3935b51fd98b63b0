// The verdict on a device, as a table.
import { describe, expect, it } from "vitest";
import { judge, type VerdictFacts } from "./verdict";
import { guessDeviceName } from "./deviceName";
import { supportOf } from "./support";
import { outcomeOf } from "./testing";

const READY: VerdictFacts = {
  support: "ok",
  permission: "granted",
  endpoint: "https://push.example/1",
  serverEndpoint: "https://push.example/1",
  ring: "always",
  health: "ok",
  lastTest: { latencyMs: 400, endpoint: "https://push.example/1" },
  audio: "locked",
  clockOffsetMs: 12,
};

describe("the verdict on a device", () => {
  it.each([
    ["all is well", {}, "will_notify", null],
    ["the page may sound", { audio: "unlocked" }, "will_sound", null],
    [
      "it may sound, and would be silent once it is closed",
      { audio: "unlocked", permission: "default" },
      "will_sound",
      "allow",
    ],
    ["the person chose never", { ring: "never", audio: "unlocked" }, "will_not", "role"],
    ["a backup device is as ready as any", { ring: "backup" }, "will_notify", null],
    ["no HTTPS", { support: "insecure" }, "will_show", "https"],
    ["an iPhone's browser", { support: "home_screen" }, "will_show", "home_screen"],
    ["a browser without push", { support: "unsupported" }, "will_show", "other_browser"],
    ["nobody asked yet", { permission: "default" }, "will_show", "allow"],
    ["the person said no", { permission: "denied" }, "will_show", "unblock"],
    ["no subscription", { endpoint: null }, "will_show", "subscribe"],
    ["the server has lost it", { serverEndpoint: null }, "will_show", "subscribe"],
    ["the server has another", { serverEndpoint: "https://push.example/0" }, "will_show", "subscribe"],
    ["never tested", { lastTest: null }, "will_notify", "test"],
    ["tested with another subscription", { lastTest: { latencyMs: 9, endpoint: "x" } }, "will_notify", "test"],
    [
      "the test did not come",
      { lastTest: { latencyMs: null, endpoint: "https://push.example/1" } },
      "will_show",
      "test_again",
    ],
    ["its last rings were not shown", { health: "quiet" }, "will_notify", "test"],
    ["what the server thinks is not known offline", { health: null }, "will_notify", null],
    ["the clock is minutes off", { clockOffsetMs: -180_000 }, "will_notify", "clock"],
    ["the clock was not measured", { clockOffsetMs: null }, "will_notify", null],
    ["no sound at all here", { audio: "unavailable" }, "will_notify", null],
    ["nothing but the open page", { audio: "unavailable", permission: "denied" }, "will_show", "unblock"],
    ["never, and nothing works", { ring: "never", permission: "denied" }, "will_not", "role"],
  ] as const)("%s", (_, change, verdict, step) => {
    expect(judge({ ...READY, ...change })).toEqual({ verdict, step });
  });
});

describe("what a browser can do", () => {
  const surface = {
    isSecure: true,
    hasWorker: true,
    hasPush: true,
    hasNotification: true,
    isAppleTouch: false,
    isStandalone: false,
  };
  it.each([
    [{}, "ok"],
    [{ isSecure: false, hasWorker: false }, "insecure"],
    [{ isAppleTouch: true, hasPush: false }, "home_screen"],
    [{ isAppleTouch: true, isStandalone: true }, "ok"],
    [{ hasPush: false }, "unsupported"],
    [{ hasNotification: false }, "unsupported"],
  ] as const)("%j is %s", (change, support) => {
    expect(supportOf({ ...surface, ...change })).toBe(support);
  });

  it.each([
    ["Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", 5, "Chrome · Android"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", 0, "Edge · Windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18.0 Safari/605", 0, "Safari · Mac"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18.0 Safari/605", 5, "Safari · iPad"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", 0, "Firefox · Linux"],
    ["", 0, "Web"],
  ])("%s is called %s", (agent, touches, name) => {
    expect(guessDeviceName(agent, touches)).toBe(name);
  });
});

describe("a test push's ledger", () => {
  const sent = { at: "2026-12-01T06:00:00.100Z", event: "sent" };
  it("gives the time from sending to showing", () => {
    const shown = { at: "2026-12-01T06:00:00.540Z", event: "shown" };
    expect(outcomeOf([sent, shown], "t")).toEqual({ type: "shown", latencyMs: 440, testId: "t" });
  });
  it("says nothing until something is final, and then why", () => {
    expect(outcomeOf([sent, { at: sent.at, event: "accepted" }], "t")).toBeNull();
    expect(outcomeOf([{ at: sent.at, event: "failed", detail: "x refused it" }], "t")).toEqual({
      type: "not_taken",
      detail: "x refused it",
    });
  });
});
