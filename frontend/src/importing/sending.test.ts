// A night is sent so that sending it again, stopping or losing the connection does no harm.
import { expect, it } from "vitest";
import { sendNight, type Answer, type SendPorts } from "./sending";
import type { CountedNight, StagedNight } from "./sleepRecords";
import { canBeChosen, daysKept, markOf } from "./stored";

const OK: Answer = { status: 200, code: null, pointer: null, retryAfterMs: null, epochs: 0, isFinished: false };
const refusal = (status: number, code: string, pointer: string | null = null) => ({ ...OK, status, code, pointer });

const staged: StagedNight = {
  kind: "stages",
  startMs: Date.UTC(2026, 10, 18, 22),
  endMs: Date.UTC(2026, 10, 18, 22) + 1_000 * 30_000,
  zone: "Europe/Madrid",
  source: "Watch",
  isWrist: true,
  others: [],
  obstacle: null,
  stages: Array.from({ length: 1_000 }, () => "rem" as const),
  minutes: { wake: 0, light: 0, deep: 0, rem: 500, asleep: 0, untold: 0 },
};
const counted: CountedNight = {
  ...staged,
  kind: "counts",
  counts: [1, null, 2],
  heartRate: [60, 61, null],
  isWrist: false,
};

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

function server(answers: (call: Call, index: number) => Answer | "offline"): SendPorts & { calls: Call[]; waits: number[] } {
  const calls: Call[] = [];
  const waits: number[] = [];
  return {
    calls,
    waits,
    call: (method, path, body) => {
      calls.push({ method, path, body: body as Record<string, unknown> });
      const answer = answers(calls.at(-1)!, calls.length - 1);
      return answer === "offline" ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(answer);
    },
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    random: () => 0,
  };
}

const sender = { userId: "ana", kind: "apple_health", measured: "unknown" } as const;

it("a night goes as its beginning, its stages in parts, and its end", async () => {
  const ports = server(() => OK);
  expect(await sendNight(staged, sender, ports)).toBe("imported");
  const [put, first, second, finish] = ports.calls;
  expect(put).toMatchObject({
    method: "PUT",
    body: { start: "2026-11-18T22:00:00.000Z", epoch_seconds: 30, source: "wrist", time_zone: "Europe/Madrid" },
  });
  expect(first?.body).toMatchObject({ first: 0, source: "apple_health" });
  expect(first?.body["stages"]).toHaveLength(960);
  expect(second?.body).toMatchObject({ first: 960 });
  expect(second?.body["stages"]).toHaveLength(40);
  expect(finish?.path).toBe(`${put?.path ?? ""}/finish`);
  expect(ports.calls).toHaveLength(4);
});

it("movement goes with its heart rates, and with where it was measured", async () => {
  const ports = server(() => OK);
  await sendNight(counted, { ...sender, kind: "csv", measured: "mattress" }, ports);
  expect(ports.calls[0]?.body["source"]).toBe("mattress");
  expect(ports.calls[1]?.body).toEqual({ first: 0, counts: [1, null, 2], heart_rate: [60, 61, null] });
});

it("a night that is there whole is left alone; one that is there in part is completed", async () => {
  const whole = server(() => ({ ...OK, isFinished: true, epochs: 1_000 }));
  expect(await sendNight(staged, sender, whole)).toBe("already");
  expect(whole.calls).toHaveLength(1);
  const part = server(({ method }) => (method === "PUT" ? { ...OK, isFinished: true, epochs: 960 } : OK));
  expect(await sendNight(staged, sender, part)).toBe("imported");
});

it("a night that was deleted and is wanted again gets its next id, the same each time", async () => {
  const deleted = (count: number) =>
    server(({ method }, index) => (method === "PUT" && index < count ? refusal(410, "session_deleted") : OK));
  const [once, again] = [deleted(1), deleted(1)];
  expect(await sendNight(staged, sender, once)).toBe("imported");
  await sendNight(staged, sender, again);
  expect(once.calls[0]?.path).not.toBe(once.calls[1]?.path);
  expect(again.calls).toEqual(once.calls);
  expect(await sendNight(staged, sender, deleted(99))).toBe("refused");
});

it("what the server refuses has a name", async () => {
  const outcome = (answer: Answer) =>
    sendNight(
      staged,
      sender,
      server(() => answer),
    );
  expect(await outcome(refusal(403, "consent_required"))).toBe("no_consent");
  expect(await outcome(refusal(404, "ml_disabled"))).toBe("not_offered");
  expect(await outcome(refusal(409, "overlapping_session"))).toBe("overlaps");
  expect(await outcome(refusal(409, "too_many_sessions"))).toBe("too_many");
  expect(await outcome(refusal(409, "session_exists"))).toBe("already");
  expect(await outcome(refusal(422, "invalid", "/start"))).toBe("too_old");
  expect(await outcome(refusal(422, "invalid", "/time_zone"))).toBe("refused");
});

it("a busy server and a lost connection are tried again, with longer and longer pauses, and not for ever", async () => {
  const shaky = server((_call, index) => (index === 0 ? "offline" : index === 1 ? refusal(503, "busy") : OK));
  expect(await sendNight(staged, sender, shaky)).toBe("imported");
  expect(shaky.waits).toEqual([700, 1_400]);
  const gone = server(() => "offline");
  expect(await sendNight(staged, sender, gone)).toBe("unreachable");
  expect(gone.calls).toHaveLength(4);
  const asked = server((_call, index) => (index === 0 ? { ...refusal(429, "busy"), retryAfterMs: 3_000 } : OK));
  await sendNight(staged, sender, asked);
  expect(asked.waits).toEqual([3_000]);
});

it("nights that are there are marked, and days of keeping are read off them", () => {
  const there = { startMs: staged.startMs, endMs: staged.endMs, epochs: 1_000, keptUntilMs: staged.endMs + 30 * 86_400_000 };
  expect(markOf(staged, [])).toBe("new");
  expect(markOf(staged, [there])).toBe("stored");
  expect(markOf(staged, [{ ...there, epochs: 999 }])).toBe("unfinished");
  expect(markOf(staged, [{ ...there, startMs: staged.endMs - 1 }])).toBe("overlaps");
  expect(markOf(staged, [{ ...there, startMs: staged.endMs }])).toBe("new");
  expect([daysKept([there]), daysKept([])]).toEqual([30, null]);
  expect(canBeChosen({ ...staged, obstacle: "no_stages" }, "new")).toBe(false);
  expect(canBeChosen(staged, "unfinished")).toBe(true);
});
