// Which notification is shown for which push.
import { describe, expect, it } from "vitest";
import { NOTHING_KNOWN } from "../push/known";
import type { PushMessage, PushOccurrence } from "../push/payload";
import { toNotification, type Surroundings } from "./notification";
import { LOCALES } from "../i18n/locale";
import { wordsOf } from "./words/words";

const AT = Date.parse("2026-12-01T06:00:00Z");
const OCCURRENCE: PushOccurrence = {
  id: "a:20261201T060000Z",
  label: "Work",
  at: "2026-12-01T06:00:00.000Z",
  local: "2026-12-01T07:00:00+01:00",
  state: "ringing",
  ringCount: 1,
  snoozedUntil: null,
  answeredBy: null,
};
const ALARM = {
  id: "a",
  label: "Work",
  snoozeMinutes: 9,
  snoozesLeft: 3,
  challenge: "none",
  vibrate: true,
  timeoutMinutes: 10,
};
const RING: PushMessage = {
  type: "ring",
  occurrence: OCCURRENCE,
  alarm: ALARM,
  rung: 0,
  answer: { url: "https://alarm.example/api/v1/occurrences/x", token: "t" },
  device: null,
};
const AROUND: Surroundings = {
  words: wordsOf("en"),
  locale: "en-GB",
  known: { ...NOTHING_KNOWN, hidesLabel: false, deviceId: "here", deviceNames: { there: "Kitchen tablet" } },
  maxActions: 2,
  now: AT,
  settled: null,
  shown: null,
};

function stop(change: Partial<PushOccurrence>): PushMessage {
  return { ...RING, type: "stop", answer: null, occurrence: { ...OCCURRENCE, state: "dismissed", ...change } };
}

describe("a ring", () => {
  it("stays until it is answered, alerts, and offers both answers", () => {
    const { title, options } = toNotification(RING, AROUND);
    expect(title).toBe("Work");
    expect(options).toMatchObject({
      tag: OCCURRENCE.id,
      body: "It is 07:00. Press to snooze or dismiss.",
      renotify: true,
      requireInteraction: true,
      silent: false,
      timestamp: AT,
      actions: [
        { action: "snooze", title: "Snooze 9 min" },
        { action: "dismiss", title: "Dismiss" },
      ],
      data: { path: `/ringing/${encodeURIComponent(OCCURRENCE.id)}`, type: "ring" },
    });
  });

  it("hides its label where the person wants that, also from what it remembers", () => {
    const shown = toNotification(RING, { ...AROUND, known: { ...AROUND.known, hidesLabel: true } });
    expect(JSON.stringify(shown)).not.toContain("Work");
    expect(shown.title).toBe("Alarm");
  });

  it("offers no way round a challenge, and no snooze when none is left", () => {
    const alarm = { ...ALARM, challenge: "math" };
    expect(toNotification({ ...RING, alarm }, AROUND).options.actions).toEqual([
      { action: "snooze", title: "Snooze 9 min" },
    ]);
    expect(toNotification({ ...RING, alarm: { ...alarm, snoozesLeft: 0 } }, AROUND).options.actions).toBeUndefined();
  });

  it("offers no actions where the platform has none, or nothing could answer", () => {
    expect(toNotification(RING, { ...AROUND, maxActions: 0 }).options.actions).toBeUndefined();
    expect(toNotification({ ...RING, answer: null }, AROUND).options.actions).toBeUndefined();
  });

  it("does not alert again when it was delivered twice, but does on the next rung", () => {
    const shown = toNotification(RING, AROUND).options.data;
    expect(toNotification(RING, { ...AROUND, shown }).options.renotify).toBe(false);
    expect(toNotification({ ...RING, rung: 1 }, { ...AROUND, shown }).options).toMatchObject({
      renotify: true,
      body: "Still ringing since 07:00. Press to answer.",
    });
  });

  it("says that it comes late, and that a snooze is over", () => {
    expect(toNotification(RING, { ...AROUND, now: AT + 120_000 }).options.body).toContain("comes late");
    const again = { ...RING, occurrence: { ...OCCURRENCE, ringCount: 2 } };
    expect(toNotification(again, { ...AROUND, now: AT + 540_000 }).options.body).toBe("It is 07:09. The snooze is over.");
  });

  it("says that it comes early on purpose, and what the alarm's time is", () => {
    const early = "You are awake or sleeping lightly, a good time to get up. Your alarm is for 07:00.";
    const at = { ...AROUND, now: AT - 17 * 60_000 };
    expect(toNotification(RING, at).options.body).toBe(early);
    expect(toNotification({ ...RING, rung: 1 }, at).options.body).toBe(early);
    const again = { ...RING, occurrence: { ...OCCURRENCE, ringCount: 2 } };
    expect(toNotification(again, at).options.body).toBe("It is 06:43. The snooze is over.");
    expect(toNotification(RING, { ...AROUND, now: AT - 2_000 }).options.body).toContain("It is 07:00.");
    expect(toNotification(again, { ...AROUND, now: AT + 500 }).options.body).toBe(
      "It is 07:00. Press to snooze or dismiss.",
    );
  });

  it("that arrives after its end shows the end, quietly", () => {
    const settled = { id: OCCURRENCE.id, state: "dismissed", ringCount: 1, at: AT } as const;
    const { options } = toNotification(RING, { ...AROUND, settled });
    expect(options).toMatchObject({ silent: true, body: "Stopped", data: { type: "stop" } });
    const snoozed = { ...settled, state: "snoozed" } as const;
    expect(toNotification(RING, { ...AROUND, settled: snoozed }).options.data.type).toBe("stop");
    const next = { ...RING, occurrence: { ...OCCURRENCE, ringCount: 2 } };
    expect(toNotification(next, { ...AROUND, settled: snoozed }).options.data.type).toBe("ring");
  });
});

describe("the end of a ring", () => {
  it.each([
    [{ answeredBy: "there" }, "Stopped on Kitchen tablet"],
    [{ answeredBy: "here" }, "Stopped"],
    [{ answeredBy: "unknown" }, "Stopped"],
    [{ state: "snoozed", snoozedUntil: "2026-12-01T06:09:00Z" }, "Snoozed until 07:09"],
    [
      { state: "snoozed", snoozedUntil: "2026-12-01T06:09:00Z", answeredBy: "there" },
      "Snoozed until 07:09 on Kitchen tablet",
    ],
    [{ state: "skipped" }, "This alarm will not ring"],
  ] as const)("%j reads %s and is silent", (change, body) => {
    const { options } = toNotification(stop(change), AROUND);
    expect(options).toMatchObject({ body, silent: true, requireInteraction: false, tag: OCCURRENCE.id });
  });

  it("is told when nobody answered", () => {
    const missed: PushMessage = { ...stop({ state: "missed" }), type: "missed" };
    expect(toNotification(missed, AROUND)).toMatchObject({ title: "Missed: Work", options: { tag: OCCURRENCE.id } });
  });
});

describe("what is no ring", () => {
  it("shows something for a message that nobody can read", () => {
    expect(toNotification(null, AROUND)).toMatchObject({ title: "Smart Alarm", options: { silent: true } });
  });

  it("names a device that stopped answering by the name it has now", () => {
    const device = { id: "there", name: "Old name", health: "quiet" };
    const { options } = toNotification({ ...RING, type: "readiness", occurrence: null, device }, AROUND);
    expect(options.body).toContain("Kitchen tablet");
    expect(options.data.path).toBe("/devices");
  });

  it.each(LOCALES)("has all its words in %s", (locale) => {
    const around = { ...AROUND, words: wordsOf(locale), locale };
    for (const type of ["ring", "stop", "missed", "test"] as const) {
      const { title, options } = toNotification({ ...RING, type }, around);
      expect(title.length * (options.body ?? "").length).toBeGreaterThan(0);
    }
  });
});
