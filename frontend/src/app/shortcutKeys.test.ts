// Keys and what they do.
import { describe, expect, it } from "vitest";
import { keyToShortcut } from "./shortcutKeys";

const at = (key: string, ms = 0) => ({ key, at: ms });

describe("shortcuts", () => {
  it.each([
    ["n", { type: "go", path: "/alarms/new" }],
    ["/", { type: "search" }],
    ["?", { type: "help" }],
    ["t", null],
    ["g", null],
  ] as const)("%s alone", (key, expected) => {
    expect(keyToShortcut(at(key), null)).toEqual(expected);
  });
  it.each([
    ["t", "/"],
    ["a", "/alarms"],
    ["S", "/settings"],
  ])("g then %s goes to %s", (key, path) => {
    expect(keyToShortcut(at(key, 900), at("g"))).toEqual({ type: "go", path });
  });
  it("g then n does not make a new alarm", () => {
    expect(keyToShortcut(at("n", 100), at("g"))).toBeNull();
  });
  it("a late second key stands alone", () => {
    expect(keyToShortcut(at("t", 1600), at("g"))).toBeNull();
  });
});
