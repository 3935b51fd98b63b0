import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clocks, fieldSets, jsonValues, NOW_MS, same } from "../../tests/sync/arbitraries";
import { formatClock } from "./clock";
import type { Fields } from "./merge";
import { admit, isRejection, type Mutation } from "./mutation";

const CLOCK = formatClock({ ms: NOW_MS, counter: 0, clientId: "phone" });

function mutation(kind: string, fields: Fields, clock = CLOCK): Mutation {
  return { id: "m", kind, entity_id: "one", fields, clock };
}

describe("a good mutation", () => {
  test("is admitted with its values normalised, once and for good", () => {
    fc.assert(
      fc.property(fieldSets, clocks, (fields, clock) => {
        const admitted = admit(mutation("alarm", fields, clock), NOW_MS);
        if (isRejection(admitted)) throw new Error(admitted.code);
        expect(same(admitted)).toBe(same(mutation("alarm", fields, clock)));
        expect(admit(admitted, NOW_MS)).toEqual(admitted);
      }),
    );
  });

  test("may hold a value as deep as values go", () => {
    const deep = JSON.parse("[".repeat(32) + "]".repeat(32)) as Fields[string];
    expect(isRejection(admit(mutation("alarm", { tags: deep }), NOW_MS))).toBe(false);
  });
});

describe("of what is wrong the first reason is told:", () => {
  test.each([
    ["kind", mutation("alien", {}, "never"), "unknown_kind", "/kind"],
    ["a name that every object has", mutation("constructor", {}, "never"), "unknown_kind", "/kind"],
    ["a read-only kind", mutation("occurrence", {}, "never"), "read_only_kind", "/kind"],
    ["clock", mutation("alarm", {}, "never"), "invalid_clock", "/clock"],
    ["age", mutation("alarm", { x: 1 }, "0000000000000-0000-a"), "expired", "/clock"],
    ["no fields", mutation("alarm", {}), "no_fields", "/fields"],
    ["names", mutation("alarm", { label: Infinity, "a~/": 1 }), "unknown_field", "/fields/a~0~1"],
    ["values", mutation("alarm", { label: Infinity }), "invalid_value", "/fields/label"],
  ])("%s", (_, wrong, code, pointer) => {
    expect(admit(wrong, NOW_MS)).toEqual({ code, pointer });
  });
});

test("nothing that a client sends makes it fail", () => {
  const fields = fc.dictionary(fc.string({ unit: "binary" }), jsonValues, { maxKeys: 3 });
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), clocks), fields, (kind, clock, sent) => {
      for (const tried of [kind, "alarm", "skip"]) expect(() => admit(mutation(tried, sent, clock), NOW_MS)).not.toThrow();
    }),
  );
});
