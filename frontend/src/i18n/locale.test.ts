// The language a device starts in.
import { expect, it } from "vitest";
import { chooseLocale } from "./locale";

it.each([
  [null, ["pt-PT", "en"], "pt-BR"],
  [null, ["fr", "es-MX"], "es"],
  [null, ["fr"], "en"],
  ["es", ["en-US"], "es"],
  ["xx", ["pt-BR"], "pt-BR"],
] as const)("chosen %s on a device that prefers %s speaks %s", (chosen, preferred, expected) => {
  expect(chooseLocale(chosen, preferred)).toBe(expected);
});
