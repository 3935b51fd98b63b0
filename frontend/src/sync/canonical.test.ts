import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonValues } from "../../tests/sync/arbitraries";
import { canonicalJson, MAX_DEPTH, normalized, NotCanonical } from "./canonical";

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

describe("canonical JSON", () => {
  test("is idempotent: what is normalised stays as it is", () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(normalized(value))).toBe(text);
        expect(normalized(normalized(value))).toEqual(normalized(value));
      }),
    );
  });

  test("reads every finite number back as the same double; zero has one sign", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(canonicalJson(number)) === number).toBe(true);
      }),
    );
    expect(canonicalJson(-0)).toBe("0");
  });

  test("does not depend on the order of names", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(object));
      }),
    );
  });

  test.each([NaN, Infinity, -Infinity, [{ a: Infinity }]])("refuses %j, which is not finite", (value) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonical);
  });

  test.each(["\ud83d", "a\ude00b", ["\udfff"], { "\ud800": 1 }, { a: { "\udc00": 1 } }])(
    "refuses half a character wherever it stands (%#)",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(NotCanonical);
    },
  );

  test.each([undefined, 1n, Symbol("s"), () => 1, new Date(0), new Map(), new Uint8Array(2), [undefined], { a: undefined }])(
    "refuses what is not JSON (%#)",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(NotCanonical);
    },
  );

  test("refuses a hole in an array", () => {
    // eslint-disable-next-line no-sparse-arrays
    expect(() => canonicalJson([1, , 2])).toThrow(NotCanonical);
  });

  test.each([MAX_DEPTH + 1, 100_000])("refuses %d levels before it walks them", (levels) => {
    expect(() => canonicalJson(nested(levels, (inner) => [inner]))).toThrow(NotCanonical);
    expect(() => canonicalJson(nested(levels, (inner) => ({ a: inner })))).toThrow(NotCanonical);
  });

  test("takes as many levels as it allows", () => {
    expect(canonicalJson(nested(MAX_DEPTH, (inner) => [inner]))).toHaveLength(2 * MAX_DEPTH + 1);
  });

  test("takes a very long text", () => {
    expect(canonicalJson("\0".repeat(1_000_000))).toHaveLength(6_000_002);
  });
});
