// The vectors in tests/vectors/sync: Python replays the same files.
import { describe, expect, test } from "vitest";
import { Space, type Outcome, type Shown } from "../../tests/sync/space";
import { vectorCases, vectorFile, vectorNames } from "../../tests/vectorFiles";
import { canonicalJson, NotCanonical } from "./canonical";
import { clampAll, formatClock, parseClock, tick } from "./clock";
import { READ_ONLY, WRITABLE, writableFields } from "./kinds";
import type { Mutation } from "./mutation";

interface Push {
  now: string;
  mutations: (Mutation | string)[];
}
interface Scenario {
  entities?: Shown[];
  pushes: Push[];
  expect: { outcomes: Outcome[][]; entities: Shown[]; any_order: boolean };
}
type Sent = Mutation | string;

const SINGLE = ["canonical", "clamps", "clock-texts", "kinds", "ticks", "values"];
const SCENARIOS = vectorNames("sync")
  .filter((name) => !SINGLE.includes(name))
  .flatMap((name) => vectorCases<Scenario>(`sync/${name}`).map(([title, item]) => [`${name}: ${title}`, item] as const));

/** A mutation of a vector, which may be there as its JSON text. */
function toMutation(item: Sent): Mutation {
  return typeof item === "string" ? (JSON.parse(item) as Mutation) : item;
}

function sentIn(item: Scenario): Sent[] {
  return item.pushes.flatMap((push) => push.mutations);
}

/** The outcomes and the entities after the scenario's pushes, filled with these mutations in this order. */
function play(item: Scenario, mutations: readonly Sent[]): { outcomes: Outcome[][]; entities: Shown[] } {
  const space = new Space(item.entities);
  let next = 0;
  const outcomes = item.pushes.map((push) => {
    const sent = push.mutations.map(() => toMutation(mutations[next++]!));
    return space.push(sent, Date.parse(push.now));
  });
  return { outcomes, entities: space.snapshot() };
}

/** The same mutations in another order, the same one for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const turned = [...items];
  let state = seed + 1;
  for (let last = turned.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (last + 1);
    [turned[last], turned[other]] = [turned[other]!, turned[last]!];
  }
  return turned;
}

describe("a scenario ends as brute force found", () => {
  test.each(SCENARIOS)("%s", (_, item) => {
    const { outcomes, entities } = play(item, sentIn(item));
    expect(outcomes).toEqual(item.expect.outcomes);
    expect(entities.map(canonicalJson)).toEqual(item.expect.entities.map(canonicalJson));
  });
});

describe("any order of a scenario's mutations ends the same", () => {
  test.each(SCENARIOS.filter(([, item]) => item.expect.any_order))("%s", (_, item) => {
    const backwards = sentIn(item).reverse();
    for (const order of [backwards, ...[0, 1, 2, 3, 4].map((seed) => shuffled(backwards, seed))]) {
      expect(play(item, order).entities.map(canonicalJson)).toEqual(item.expect.entities.map(canonicalJson));
    }
  });
});

describe("a text is canonical as brute force found, or refused", () => {
  test.each(vectorCases<{ text: string; expect: string | null }>("sync/canonical"))("%s", (_, item) => {
    const value: unknown = JSON.parse(item.text);
    if (item.expect === null) {
      expect(() => canonicalJson(value)).toThrow(NotCanonical);
      return;
    }
    expect(canonicalJson(value)).toBe(item.expect);
    expect(canonicalJson(JSON.parse(item.expect))).toBe(item.expect);
  });
});

describe("between equal clocks the greater value is the one that brute force found", () => {
  test.each(vectorCases<{ one: string; other: string; expect: string }>("sync/values"))("%s", (_, item) => {
    const [one, other] = [canonicalJson(JSON.parse(item.one)), canonicalJson(JSON.parse(item.other))];
    expect(one === other ? "same" : one > other ? "one" : "other").toBe(item.expect);
  });
});

type Parts = { ms: number; counter: number; client_id: string } | null;

describe("only a clock is read as one, and written again it is the same text", () => {
  test.each(vectorCases<{ text: string; expect: Parts }>("sync/clock-texts"))("%s", (_, item) => {
    const stamp = parseClock(item.text);
    expect(stamp && { ms: stamp.ms, counter: stamp.counter, client_id: stamp.clientId }).toEqual(item.expect);
    if (stamp) expect(formatClock(stamp)).toBe(item.text);
  });
});

interface Tick {
  client_id: string;
  now: string;
  seen: string | null;
  expect: string;
}

describe("a tick is the next clock", () => {
  test.each(vectorCases<Tick>("sync/ticks"))("%s", (_, item) => {
    expect(tick(item.client_id, Date.parse(item.now), item.seen)).toBe(item.expect);
  });
});

interface Clamp {
  now: string;
  seen: string | null;
  clocks: string[];
  expect: string[];
}

describe("clocks too far ahead are clamped, and no others", () => {
  test.each(vectorCases<Clamp>("sync/clamps"))("%s", (_, item) => {
    expect(clampAll(item.clocks, Date.parse(item.now), item.seen)).toEqual(item.expect);
  });
});

interface KindCase {
  kind: string;
  expect: string[] | "read_only" | "unknown";
}

describe("a kind has the fields that Python gives it", () => {
  test.each(vectorCases<KindCase>("sync/kinds"))("%s", (_, item) => {
    const isPulled = (READ_ONLY as readonly string[]).includes(item.kind);
    expect(writableFields(item.kind)?.toSorted() ?? (isPulled ? "read_only" : "unknown")).toEqual(item.expect);
  });

  test("and there are no other kinds", () => {
    const { cases } = vectorFile("sync/kinds") as { cases: KindCase[] };
    const known = cases.filter((item) => item.expect !== "unknown").map((item) => item.kind);
    expect([...Object.keys(WRITABLE), ...READ_ONLY].sort()).toEqual(known.sort());
  });
});

test("there are vectors enough: a lost file must not pass as a green run", () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(151);
  const all = vectorNames("sync").flatMap((name) => vectorCases(`sync/${name}`));
  expect(all.length).toBeGreaterThanOrEqual(291);
});
