// Every feature's words are in exactly one of the parts.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const src = new URL("..", import.meta.url);

it("each feature with words is loaded by one part, in each language", () => {
  const features = readdirSync(src).filter((name) => {
    const inside = readdirSync(src, { withFileTypes: true }).find((entry) => entry.name === name);
    return inside?.isDirectory() && readdirSync(new URL(`${name}/`, src)).includes("locales");
  });
  for (const locale of ["en", "pt-BR", "es"]) {
    const listed = ["daily", "door", "more", "nights"].flatMap((part) => {
      const text = readFileSync(new URL(`i18n/words-${part}-${locale}.ts`, src), "utf8");
      expect(text).toContain(`/locales/${locale}.po`);
      const names = /"\.\.\/\{?([a-z,]+)\}?\/locales/.exec(text)?.[1] ?? "";
      return names.split(",");
    });
    expect(listed.sort()).toEqual(features.sort());
  }
});
