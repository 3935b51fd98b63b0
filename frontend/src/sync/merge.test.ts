import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clocks, entities, fieldSets, keptValues, mutationLists, NOW_MS, same } from "../../tests/sync/arbitraries";
import { Space } from "../../tests/sync/space";
import { formatClock } from "./clock";
import { apply, EMPTY, greatestClock, isDeleted, merge, type Entity } from "./merge";

const at = (ms: number, clientId = "a"): string => formatClock({ ms, counter: 0, clientId });

describe("merge", () => {
  test("is commutative: whoever comes first", () => {
    fc.assert(
      fc.property(entities, entities, (one, other) => {
        expect(same(merge(one, other))).toBe(same(merge(other, one)));
      }),
    );
  });

  test("is associative: however the writes are gathered on their way", () => {
    fc.assert(
      fc.property(entities, entities, entities, (one, two, three) => {
        expect(same(merge(merge(one, two), three))).toBe(same(merge(one, merge(two, three))));
      }),
    );
  });

  test("is idempotent: what was seen before changes nothing", () => {
    fc.assert(
      fc.property(entities, entities, (one, other) => {
        expect(same(merge(one, one))).toBe(same(one));
        expect(same(merge(merge(one, other), other))).toBe(same(merge(one, other)));
      }),
    );
  });

  test("leaves what it was given as it was", () => {
    fc.assert(
      fc.property(entities, fieldSets, clocks, (start, written, clock) => {
        const before = same(start);
        apply(start, written, clock);
        expect(same(start)).toBe(before);
      }),
    );
  });

  test("does not trip over names that every object has", () => {
    const odd = JSON.parse('{"constructor": 1, "__proto__": {"deleted": true}}') as Entity["fields"];
    const merged = apply(EMPTY, odd, at(1)).entity;
    expect(same(merged.fields)).toBe(same(odd));
    expect(isDeleted(merged)).toBe(false);
  });
});

describe("mutations", () => {
  test("end the same in any order, some of them doubled, in one push or one by one", () => {
    const orders = mutationLists.chain((sent) =>
      fc.subarray(sent).chain((again) => {
        const doubled = again.map((mutation) => ({ ...mutation, id: `${mutation.id}-again` }));
        const all = [...sent, ...doubled];
        return fc.tuple(fc.constant(sent), fc.shuffledSubarray(all, { minLength: all.length }));
      }),
    );
    fc.assert(
      fc.property(entities, orders, (start, [sent, turned]) => {
        const shown = [{ kind: "alarm", id: "one", deleted: false, fields: start.fields, clocks: start.clocks }];
        const [together, apart] = [new Space(shown), new Space(shown)];
        together.push(sent, NOW_MS);
        for (const mutation of turned) apart.push([mutation], NOW_MS);
        expect(same(apart.snapshot())).toBe(same(together.snapshot()));
      }),
    );
  });

  test("are told how many of their fields stand, and the others stand as they were", () => {
    fc.assert(
      fc.property(entities, fieldSets, clocks, (start, written, clock) => {
        const done = apply(start, written, clock);
        const count = Object.keys(written).length;
        expect(done.outcome).toBe(!done.won.length ? "superseded" : done.won.length === count ? "applied" : "merged");
        for (const [name, value] of Object.entries(written)) {
          const isWon = done.won.includes(name);
          expect(same(done.entity.fields[name])).toBe(same(isWon ? value : start.fields[name]));
          expect(done.entity.clocks[name]).toBe(isWon ? clock : start.clocks[name]);
        }
      }),
    );
  });

  test("ask for storing exactly when something changed, and never twice", () => {
    fc.assert(
      fc.property(entities, fieldSets, clocks, (start, written, clock) => {
        const done = apply(start, written, clock);
        expect(done.isChanged).toBe(same(start) !== same(done.entity));
        if (done.outcome === "superseded") expect(done.isChanged).toBe(false);
        const again = apply(done.entity, written, clock);
        expect([again.outcome, again.won, again.isChanged]).toEqual([done.outcome, done.won, false]);
      }),
    );
  });

  test("beat a default, however small their value", () => {
    fc.assert(
      fc.property(keptValues, keptValues, clocks, (byDefault, value, clock) => {
        const done = apply({ fields: { label: byDefault }, clocks: {} }, { label: value }, clock);
        expect([done.outcome, done.isChanged]).toEqual(["applied", true]);
        expect(same(done.entity)).toBe(same({ fields: { label: value }, clocks: { label: clock } }));
      }),
    );
  });
});

describe("a tombstone", () => {
  test("keeps its fields and clocks, and only `deleted: false` brings it back", () => {
    const alive = { fields: { label: "Work", deleted: false }, clocks: { label: at(1), deleted: at(1) } };
    const dead = apply(alive, { deleted: true }, at(2, "b")).entity;
    expect(dead).toEqual({ fields: { label: "Work", deleted: true }, clocks: { label: at(1), deleted: at(2, "b") } });
    const edited = apply(dead, { label: "Sport" }, at(3)).entity;
    expect([isDeleted(edited), edited.fields["label"]]).toEqual([true, "Sport"]);
    expect(isDeleted(apply(edited, { deleted: false }, at(4)).entity)).toBe(false);
  });
});

test("the greatest clock is the latest of all fields, and none where all are defaults", () => {
  expect(greatestClock({ fields: { a: 1, b: 2, c: 3 }, clocks: { a: at(1, "z"), b: at(2) } })).toBe(at(2));
  expect(greatestClock({ fields: { a: 1 }, clocks: {} })).toBeNull();
});
