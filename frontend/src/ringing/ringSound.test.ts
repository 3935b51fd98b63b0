// The sound of a ring: in one tab alone, given up at once, said when it may not, and taken up when it may.
import { describe, expect, it } from "vitest";
import { contentOf } from "./due";
import { FakeTime } from "./fakeTime";
import { createRingSound, type SoundState } from "./ringSound";
import { begin, NO_RINGS, type Ring } from "./ringState";

function ringOf(id: string, rung = 0): Ring {
  const start = { id, ring: 1, dueAt: 0, content: contentOf("a", "Work", undefined, 1), rung };
  return begin(NO_RINGS, start, 0).get(id) as Ring;
}

/** One browser: whoever holds the turn. */
class Turns {
  holder: object | null = null;
  readonly queue: (() => void)[] = [];
}

class Tab {
  readonly time = new FakeTime(0);
  readonly states: SoundState[] = [];
  readonly heard: string[] = [];
  readonly log: string[] = [];
  mayPlay = true;

  constructor(readonly turns = new Turns()) {}

  readonly sound = createRingSound({
    canSound: () => Promise.resolve(this.mayPlay),
    play: () => {
      this.log.push("play");
      return Promise.resolve({
        soften: (isSoft) => this.log.push(isSoft ? "soft" : "plain"),
        loudest: () => this.log.push("loudest"),
        stop: () => this.log.push("stop"),
      });
    },
    vibrate: () => this.#during("vibrate"),
    keepAwake: () => this.#during("awake"),
    name: () => this.#during("name"),
    claim: (signal) =>
      new Promise((granted, failed) => {
        const take = () => {
          this.turns.holder = this;
          granted(() => {
            if (this.turns.holder !== this) return;
            this.turns.holder = null;
            this.turns.queue.shift()?.();
          });
        };
        if (this.turns.holder === null) take();
        else this.turns.queue.push(take);
        signal.addEventListener("abort", () => failed(new Error("aborted")));
      }),
    isClaimed: () => Promise.resolve(this.turns.holder !== null),
    after: (ms, run) => this.time.after(ms, run),
    onState: (state) => this.states.push(state),
    onHeard: (ring) => this.heard.push(ring.id),
  });

  #during(name: string): () => void {
    this.log.push(`${name} on`);
    return () => this.log.push(`${name} off`);
  }
}

/** Lets promises that are settled go on. */
const settled = () => new Promise((done) => setTimeout(done));

describe("a ring's sound", () => {
  it("plays, vibrates, keeps the screen on and is reported as heard", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    await settled();
    expect(tab.log).toEqual(["awake on", "vibrate on", "play", "plain", "name on"]);
    expect([tab.states, tab.heard]).toEqual([["starting", "here"], ["x"]]);
  });

  it("ends with everything that came with it", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    await settled();
    tab.log.length = 0;
    tab.sound.update(null);
    expect(tab.log.sort()).toEqual(["awake off", "name off", "stop", "vibrate off"]);
    expect([tab.states.at(-1), tab.turns.holder, tab.time.waiting]).toEqual(["off", null, 0]);
  });

  it("does not begin when it was answered before the browser was ready", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    tab.sound.update(null);
    await settled();
    expect(tab.log).not.toContain("play");
    expect([tab.heard, tab.turns.holder]).toEqual([[], null]);
  });

  it("goes on without a break while the same ring is told again, and is loudest from the third call on", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    await settled();
    tab.sound.update(ringOf("x", 1));
    tab.sound.update(ringOf("x", 3));
    expect(tab.log.filter((line) => line === "play" || line === "stop" || line === "loudest")).toEqual(["play", "loudest"]);
  });

  it("is loudest after five minutes without any server", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    await settled();
    tab.time.pass(5 * 60_000);
    expect(tab.log.at(-1)).toBe("loudest");
  });

  it("is softer while a challenge is worked on, begun or not", async () => {
    const tab = new Tab();
    tab.sound.update(ringOf("x"));
    tab.sound.soften(true);
    await settled();
    expect(tab.log.at(-2)).toBe("soft");
    tab.sound.soften(false);
    expect(tab.log.at(-1)).toBe("plain");
  });
});

describe("a browser that keeps a page quiet", () => {
  it("is said, vibrates all the same, and sounds as soon as the page is touched", async () => {
    const tab = new Tab();
    tab.mayPlay = false;
    tab.sound.update(ringOf("x"));
    await settled();
    expect([tab.states.at(-1), tab.heard, tab.log]).toEqual(["locked", [], ["awake on", "vibrate on"]]);
    tab.mayPlay = true;
    tab.sound.retry();
    await settled();
    expect([tab.states.at(-1), tab.heard]).toEqual(["here", ["x"]]);
  });

  it("is looked at again by itself", async () => {
    const tab = new Tab();
    tab.mayPlay = false;
    tab.sound.update(ringOf("x"));
    await settled();
    tab.mayPlay = true;
    tab.time.pass(2_000);
    await settled();
    expect(tab.states.at(-1)).toBe("here");
  });
});

describe("two tabs", () => {
  it("sound once; the second takes over when the first is gone", async () => {
    const first = new Tab();
    const second = new Tab(first.turns);
    first.sound.update(ringOf("x"));
    second.sound.update(ringOf("x"));
    await settled();
    second.time.pass(300);
    expect([first.states.at(-1), second.states.at(-1), second.heard]).toEqual(["here", "elsewhere", []]);
    first.sound.update(null);
    await settled();
    expect(second.states.at(-1)).toBe("here");
  });

  it("name the other tab where one of them may not sound", async () => {
    const first = new Tab();
    const second = new Tab(first.turns);
    second.mayPlay = false;
    first.sound.update(ringOf("x"));
    await settled();
    second.sound.update(ringOf("x"));
    await settled();
    expect(second.states.at(-1)).toBe("elsewhere");
  });
});
