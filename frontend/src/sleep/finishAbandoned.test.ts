// Nights that nobody ended.
import { expect, test } from "vitest";
import { finishAbandoned, MOST_AT_ONCE } from "./finishAbandoned";

const night = (id: string, abandoned = true) => ({ id, abandoned });

test("only nights that nobody records any more are finished, few at once", async () => {
  const asked: string[] = [];
  const finish = (id: string) => {
    asked.push(id);
    return Promise.resolve(true);
  };
  expect(await finishAbandoned([night("a", false)], finish)).toBe(false);
  expect(await finishAbandoned([night("a", false), night("b"), night("c"), night("d")], finish)).toBe(true);
  expect(asked).toEqual(["b", "c"].slice(0, MOST_AT_ONCE));
});

test("one that cannot be finished now changes nothing", async () => {
  expect(await finishAbandoned([night("a"), night("b")], () => Promise.reject(new Error("offline")))).toBe(false);
  expect(await finishAbandoned([night("a")], () => Promise.resolve(false))).toBe(false);
  expect(await finishAbandoned([night("a"), night("b")], (id) => Promise.resolve(id === "b"))).toBe(true);
});
