// Access tokens: one refresh for all tabs, no call without a session, and a lost answer does no harm.
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { Channel } from "../replica/channel";
import { Disk } from "../replica/database";
import { pageLocks } from "../replica/locks";
import { Tokens } from "./refresh";

let browsers = 0;

/** A browser with tabs: one disk, one cookie jar and one set of locks. */
class Browser {
  readonly name = `browser-${++browsers}`;
  readonly disk = new Disk(this.name);
  nowMs = 1_000_000;
  calls = 0;
  /** Of the server: the refresh token that is good, and the one before it with the same successor. */
  cookie: string | null = "r1";
  answer: (call: number) => Response | "lost" | "offline" = () => this.fresh();

  async signedIn(): Promise<this> {
    await this.disk.put("session", { userId: "ana", email: "ana@example.com", isEnded: false, tokenUntil: 0 });
    return this;
  }

  fresh(): Response {
    return Response.json({ access_token: `token-${this.calls}`, expires_in: 900 });
  }

  tab(): Tokens {
    return new Tokens({
      disk: this.disk,
      channel: new Channel(this.name),
      locks: { request: (name, run) => pageLocks.request(`${this.name}:${name}`, run) },
      fetch: () => {
        this.calls += 1;
        const answer = this.answer(this.calls);
        return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(new TypeError(answer));
      },
      baseUrl: "http://server",
      now: () => this.nowMs,
      random: () => 0,
      sleep: async (ms) => {
        await new Promise((wake) => setTimeout(wake, 1)); // messages between tabs need a moment
        this.nowMs += ms;
      },
    });
  }
}

describe("an access token", () => {
  it("is not asked for on a device where nobody signed in", async () => {
    const browser = new Browser();
    expect(await browser.tab().get()).toEqual({ type: "signed_out" });
    expect(browser.calls).toBe(0);
  });

  it("is fetched once and used until shortly before it expires", async () => {
    const browser = await new Browser().signedIn();
    const tab = browser.tab();
    expect(await tab.get()).toEqual({ type: "token", token: "token-1" });
    browser.nowMs += 860_000;
    expect(await tab.get()).toEqual({ type: "token", token: "token-1" });
    browser.nowMs += 11_000;
    expect(await tab.get()).toEqual({ type: "token", token: "token-2" });
  });

  it("is fetched once for all tabs", async () => {
    const browser = await new Browser().signedIn();
    const tabs = [browser.tab(), browser.tab(), browser.tab(), browser.tab()];
    const answers = await Promise.all(tabs.flatMap((tab) => [tab.get(), tab.get()]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(browser.calls).toBe(1);
    expect(await browser.tab().get()).toEqual({ type: "token", token: "token-1" });
    expect(browser.calls).toBe(1);
  });

  it("comes from the server when the tab that held one is gone", async () => {
    const browser = await new Browser().signedIn();
    await browser.disk.change("session", (session) => ({ ...session, tokenUntil: browser.nowMs + 900_000 }));
    expect(await browser.tab().get()).toEqual({ type: "token", token: "token-1" });
  });

  it("that the server refuses is not used again, whichever tab offers it", async () => {
    const browser = await new Browser().signedIn();
    const [one, other] = [browser.tab(), browser.tab()];
    await one.get();
    await other.get();
    expect(await other.get("token-1")).toEqual({ type: "token", token: "token-2" });
    expect(browser.calls).toBe(2);
  });

  it("survives an answer that is lost on its way: the next try gets the same successor", async () => {
    const browser = await new Browser().signedIn();
    browser.answer = (call) => (call === 1 ? "lost" : browser.fresh());
    expect(await browser.tab().get()).toEqual({ type: "token", token: "token-2" });
    expect(await browser.disk.read("session")).toMatchObject({ isEnded: false });
  });

  it("cannot be had without a connection, and the session stays", async () => {
    const browser = await new Browser().signedIn();
    browser.answer = () => "offline";
    expect(await browser.tab().get()).toEqual({ type: "offline" });
    expect(browser.calls).toBe(3);
    expect(await browser.disk.read("session")).toMatchObject({ isEnded: false });
  });

  it.each([401, 204])("cannot be had after %i: the session has ended, and no more calls are made", async (status) => {
    const browser = await new Browser().signedIn();
    browser.answer = () => new Response(null, { status });
    const tab = browser.tab();
    expect(await tab.get()).toEqual({ type: "signed_out" });
    expect(await tab.get()).toEqual({ type: "signed_out" });
    expect(browser.calls).toBe(1);
    expect(await browser.disk.read("session")).toMatchObject({ isEnded: true, email: "ana@example.com" });
  });

  it("does not bring back a session that was signed out meanwhile", async () => {
    const browser = await new Browser().signedIn();
    const tab = browser.tab();
    await browser.disk.clear();
    await tab.hold("late", 900);
    expect(await browser.disk.read("session")).toBeUndefined();
    expect(await tab.get()).toEqual({ type: "signed_out" });
  });
});
