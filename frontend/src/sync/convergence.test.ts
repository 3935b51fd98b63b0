// Clients that go offline, lose answers and have wrong clocks: all end where the server does, and nothing is lost.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldSets, NOW_MS, same } from "../../tests/sync/arbitraries";
import { Space, type Outcome } from "../../tests/sync/space";
import { greatest, tick } from "./clock";
import { apply, EMPTY, greatestClock, merge, type Entity, type Fields } from "./merge";
import type { Mutation } from "./mutation";

const DAY_MS = 86_400_000;
const IDS = ["one", "two"];

/** A device: what the server last said, and what it has not heard of yet. */
class Client {
  base = new Map<string, Entity>();
  outbox: Mutation[] = [];
  readonly made: Mutation[] = [];
  clockErrorMs = 0;

  constructor(readonly name: string) {}

  /** Write into the outbox, after every clock in sight. */
  edit(entityId: string, fields: Fields, nowMs: number): void {
    const seen = greatest([...[...this.base.values()].map(greatestClock), ...this.outbox.map((sent) => sent.clock)]);
    const clock = tick(this.name, nowMs + this.clockErrorMs, seen);
    const made = { id: `${this.name}${this.made.length}`, kind: "alarm", entity_id: entityId, fields, clock };
    this.outbox.push(made);
    this.made.push(made);
  }

  /** Send the oldest; what is answered leaves the outbox, and base takes the clock that was recorded. */
  push(server: Space, count: number, nowMs: number, isAnswerLost: boolean): void {
    const sent = this.outbox.slice(0, count);
    const outcomes = server.push(sent, nowMs);
    if (isAnswerLost) return;
    this.outbox = this.outbox.slice(count);
    outcomes.forEach((outcome, place) => {
      const { entity_id, fields } = sent[place]!;
      if (outcome.outcome === "rejected") return;
      this.base.set(entity_id, apply(this.base.get(entity_id) ?? EMPTY, fields, outcome.clock).entity);
    });
  }

  /** Base is replaced, never merged. */
  pull(server: Space): void {
    this.base = new Map(server.snapshot().map(({ id, fields, clocks }) => [id, { fields, clocks }]));
  }

  /** Base and outbox. */
  shown(): Map<string, Entity> {
    const shown = new Map(this.base);
    for (const { entity_id, fields, clock } of this.outbox) {
      shown.set(entity_id, apply(shown.get(entity_id) ?? EMPTY, fields, clock).entity);
    }
    return shown;
  }
}

type Step =
  | { what: "edit"; which: number; entityId: string; fields: Fields }
  | { what: "push"; which: number; count: number; isAnswerLost: boolean }
  | { what: "pull"; which: number }
  | { what: "wait"; seconds: number }
  | { what: "skew"; which: number; errorMs: number };

const which = fc.integer({ min: 0, max: 2 });
const edits = fc.record({ what: fc.constant("edit" as const), which, entityId: fc.constantFrom(...IDS), fields: fieldSets });
const steps: fc.Arbitrary<Step> = fc.oneof(
  edits,
  edits,
  fc.record({
    what: fc.constant("push" as const),
    which,
    count: fc.integer({ min: 1, max: 4 }),
    isAnswerLost: fc.boolean(),
  }),
  fc.record({ what: fc.constant("pull" as const), which }),
  fc.record({ what: fc.constant("wait" as const), seconds: fc.integer({ min: 0, max: 600 }) }),
  fc.record({
    what: fc.constant("skew" as const),
    which,
    errorMs: fc.constantFrom(-100 * DAY_MS, -DAY_MS, 0, 240_000, 360_000, 400 * DAY_MS),
  }),
);
const scripts = fc.array(steps, { maxLength: 25 });

/** Play the script, then let every client send all it has and pull. */
function live(script: readonly Step[]): { server: Space; clients: Client[]; endMs: number } {
  const server = new Space();
  const clients = ["a", "b", "c"].map((name) => new Client(name));
  let nowMs = NOW_MS;
  for (const step of script) {
    if (step.what === "wait") nowMs += step.seconds * 1000;
    else if (step.what === "edit") clients[step.which]!.edit(step.entityId, step.fields, nowMs);
    else if (step.what === "push") clients[step.which]!.push(server, step.count, nowMs, step.isAnswerLost);
    else if (step.what === "pull") clients[step.which]!.pull(server);
    else clients[step.which]!.clockErrorMs = step.errorMs;
  }
  for (const client of clients) {
    client.push(server, client.outbox.length, nowMs, true);
    client.push(server, client.outbox.length, nowMs, false);
  }
  for (const client of clients) client.pull(server);
  return { server, clients, endMs: nowMs };
}

const answerTo = (server: Space, made: Mutation): Outcome => server.answers.get(made.id)!;

/** All mutations that the server did not reject, with the clocks that it recorded. */
function recorded(server: Space, clients: readonly Client[]): Mutation[] {
  const made = clients.flatMap((client) => client.made);
  return made
    .filter((sent) => answerTo(server, sent).outcome !== "rejected")
    .map((sent) => ({ ...sent, clock: answerTo(server, sent).clock }));
}

function asText(entities: Map<string, Entity>): string {
  return same(Object.fromEntries(entities));
}

function held(server: Space): Map<string, Entity> {
  return new Map(server.snapshot().map(({ id, fields, clocks }) => [id, { fields, clocks }]));
}

const runs = { numRuns: 200 };

test("all clients end where the server does, whatever was lost and however wrong their clocks were", () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const { server, clients } = live(script);
      for (const client of clients) {
        expect(client.outbox).toEqual([]);
        expect(asText(client.shown())).toBe(asText(held(server)));
      }
    }),
    runs,
  );
});

test("what was recorded comes to the same in any order, doubled: no acknowledged mutation is lost", () => {
  fc.assert(
    fc.property(scripts, fc.infiniteStream(fc.nat()), (script, chance) => {
      const { server, clients } = live(script);
      const sent = recorded(server, clients);
      const keyed = [...sent, ...sent].map((made) => [chance.next().value, made] as const);
      const rebuilt = new Map<string, Entity>();
      for (const [, { entity_id, fields, clock }] of keyed.sort(([one], [other]) => one - other)) {
        const clocks = Object.fromEntries(Object.keys(fields).map((name) => [name, clock]));
        rebuilt.set(entity_id, merge({ fields, clocks }, rebuilt.get(entity_id) ?? EMPTY));
      }
      expect(asText(rebuilt)).toBe(asText(held(server)));
    }),
    runs,
  );
});

test("what one client wrote later has the later clock, clamped or not", () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const { server, clients } = live(script);
      for (const client of clients) {
        for (const id of IDS) {
          const own = recorded(server, [client]).flatMap((made) => (made.entity_id === id ? [made.clock] : []));
          expect([...new Set(own)].sort()).toEqual(own);
        }
      }
    }),
    runs,
  );
});

test("no recorded clock runs away: one wrong clock cannot rule for long", () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const { server, clients, endMs } = live(script);
      const latest = tick("z", endMs + 5 * 60_000 + 1, null);
      expect(recorded(server, clients).every((made) => made.clock <= latest)).toBe(true);
    }),
    runs,
  );
});
