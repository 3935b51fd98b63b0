// What the properties of sync are tried with: few names, few clocks and few clients, so that writes do meet.
import fc from "fast-check";
import { canonicalJson, normalized, type Json } from "../../src/sync/canonical";
import { formatClock } from "../../src/sync/clock";
import type { Entity } from "../../src/sync/merge";
import type { Mutation } from "../../src/sync/mutation";

fc.configureGlobal({ seed: 8785 }); // the same run every time: a failure is then the change's, not the day's

export const NOW_MS = Date.parse("2026-12-01T07:00:00Z");
const MINUTE_MS = 60_000;

/** Any JSON, lone surrogates left out. */
export const jsonValues: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }) as fc.Arbitrary<Json>;

export const keptValues: fc.Arbitrary<Json> = fc
  .oneof(fc.boolean(), fc.integer({ min: 0, max: 2 }), fc.constantFrom("a", "b", "\u{1f600}", "\uff5e"), jsonValues)
  .map(normalized);

const clients = fc.constantFrom("a", "b", "b-2");
const counters = fc.constantFrom(0, 1, 0xffff);

export const clocks: fc.Arbitrary<string> = fc
  .record({ ms: fc.integer({ min: -3, max: 3 }).map((ms) => NOW_MS + ms), counter: counters, clientId: clients })
  .map(formatClock);

/** Some of them too far ahead, some nearly expired. */
export const clocksFarAndNear: fc.Arbitrary<string> = fc
  .record({
    minutes: fc.constantFrom(-90 * 1440, -1, 0, 4, 5, 6, 7, 60, 525_600),
    ms: fc.integer({ min: -1, max: 1 }),
    counter: counters,
    clientId: clients,
  })
  .map(({ minutes, ms, counter, clientId }) => formatClock({ ms: NOW_MS + minutes * MINUTE_MS + ms, counter, clientId }));

const names = fc.constantFrom("label", "enabled", "tags", "deleted");
export const fieldSets = fc.dictionary(names, keptValues, { minKeys: 1, maxKeys: 4, noNullPrototype: true });

/** An entity some of whose fields are defaults. */
export const entities: fc.Arbitrary<Entity> = fc
  .dictionary(names, fc.tuple(keptValues, fc.option(clocks)), { maxKeys: 4, noNullPrototype: true })
  .map((held) => ({
    fields: Object.fromEntries(Object.entries(held).map(([name, [value]]) => [name, value])),
    clocks: Object.fromEntries(Object.entries(held).flatMap(([name, [, clock]]) => (clock ? [[name, clock]] : []))),
  }));

export const mutationLists: fc.Arbitrary<Mutation[]> = fc
  .array(fc.tuple(fieldSets, clocks, fc.constantFrom("one", "two")), { maxLength: 8 })
  .map((drawn) =>
    drawn.map(([fields, clock, entity_id], place) => ({ id: `m${place}`, kind: "alarm", entity_id, fields, clock })),
  );

/** An entity, or several, as text: what must be equal. */
export function same(entity: unknown): string {
  return canonicalJson(entity);
}
