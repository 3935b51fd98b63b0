// The challenges: solvable, never trivial, and shaken only by shaking.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { feelMotion, isCode, isSumOf, makeCode, makeSum, STILL } from "./puzzles";

const chance = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
const draw = (stream: Iterator<number>) => () => stream.next().value as number;

describe("a sum", () => {
  it("is of two numbers of two digits, carries, and is below 120", () => {
    fc.assert(
      fc.property(chance, (stream) => {
        const { first, second } = makeSum(draw(stream[Symbol.iterator]()));
        expect([String(first).length, String(second).length]).toEqual([2, 2]);
        expect((first % 10) + (second % 10)).toBeGreaterThanOrEqual(10);
        expect(first + second).toBeLessThan(120);
        expect(isSumOf(` ${first + second} `, { first, second })).toBe(true);
        expect(isSumOf(String(first + second + 1), { first, second })).toBe(false);
      }),
    );
  });

  it.each(["", " ", "abc", "42x", "1e1"])("does not take %j", (text) => {
    expect(isSumOf(text, { first: 5, second: 5 })).toBe(false);
  });
});

describe("a code", () => {
  it("has four digits, none next to itself", () => {
    fc.assert(
      fc.property(chance, (stream) => {
        const code = makeCode(draw(stream[Symbol.iterator]()));
        expect(code).toMatch(/^[1-9]{4}$/);
        expect(code).not.toMatch(/(.)\1/);
        expect(isCode(code.split("").join(" "), code)).toBe(true);
      }),
    );
  });
});

describe("shaking", () => {
  it("counts strong changes, and neither rest nor turning over", () => {
    let turned = STILL;
    for (let step = 0; step <= 90; step += 1) {
      const angle = (step * Math.PI) / 90;
      turned = feelMotion(turned, [9.8 * Math.sin(angle), 0, 9.8 * Math.cos(angle)], step * 16);
    }
    expect(turned.count).toBe(0);
    let shaken = STILL;
    for (let step = 0; step < 20; step += 1) shaken = feelMotion(shaken, [step % 2 ? 15 : -15, 0, 9.8], step * 200);
    expect(shaken.count).toBe(19);
  });
});
