// How an answer without a session leaves, and what its outcome means.
import { describe, expect, it } from "vitest";
import { doorToUrl, postAnswer, type Ways } from "./answering";

const DOOR = { url: "https://elsewhere.example/api/v1/occurrences/a:1", token: "t" };

function ways(...answers: readonly (Response | Error)[]): Ways & { readonly calls: Request[] } {
  const calls: Request[] = [];
  const left = [...answers];
  return {
    calls,
    origin: "https://alarm.example",
    wait: () => Promise.resolve(),
    fetch: (input, init) => {
      calls.push(new Request(input, init));
      const answer = left.shift();
      return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error("no more"));
    },
  };
}

describe("an answer without a session", () => {
  it("goes to our own origin alone, with the token", async () => {
    const used = ways(Response.json({ state: "dismissed", snoozed_until: null }));
    expect(await postAnswer(DOOR, "dismiss", {}, used)).toEqual({ type: "done", snoozedUntil: null });
    expect(used.calls[0]?.url).toBe("https://alarm.example/api/v1/occurrences/a:1/dismiss");
    expect(used.calls[0]?.headers.get("authorization")).toBe("Bearer t");
    expect(doorToUrl({ ...DOOR, url: "/api/v1/occurrences/b" }, "ack", "https://x.example")).toBe(
      "https://x.example/api/v1/occurrences/b/ack",
    );
  });

  it("is tried once more when nothing came back, and no more", async () => {
    const lucky = ways(new Error("offline"), Response.json({ snoozed_until: "2026-12-01T06:09:00Z" }));
    expect(await postAnswer(DOOR, "snooze", {}, lucky)).toEqual({ type: "done", snoozedUntil: "2026-12-01T06:09:00Z" });
    const unlucky = ways(new Error("offline"), new Response(null, { status: 503 }), Response.json({}));
    expect((await postAnswer(DOOR, "snooze", {}, unlucky)).type).toBe("unsent");
    expect(unlucky.calls).toHaveLength(2);
  });

  it("takes the server's no for an answer", async () => {
    const used = ways(Response.json({ code: "snooze_limit" }, { status: 409 }));
    expect(await postAnswer(DOOR, "snooze", {}, used)).toEqual({ type: "refused", code: "snooze_limit" });
  });

  it("goes another way at once when the token's time is over", async () => {
    const used = ways(new Response(null, { status: 401 }));
    expect((await postAnswer(DOOR, "dismiss", {}, used)).type).toBe("unsent");
    expect(used.calls).toHaveLength(1);
  });
});
