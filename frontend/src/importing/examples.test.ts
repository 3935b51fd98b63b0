// The examples that are offered can be imported as they are.
import { expect, it } from "vitest";
import { exampleOf } from "./examples";
import { readFile } from "./readFile";

it.each(["stages", "counts"] as const)("the example with %s is one night without a problem", async (kind) => {
  const nowMs = Date.UTC(2026, 10, 20, 9, 30);
  const file = new Blob([exampleOf(kind, nowMs)]);
  const found = await readFile(file, { zone: "Europe/Madrid", nowMs, keptFromMs: 0, onProgress: () => undefined });
  expect(found).toMatchObject({
    isZoneAssumed: false,
    problems: { count: 0 },
    nights: [{ kind, obstacle: null, startMs: Date.UTC(2026, 10, 19, 21), endMs: Date.UTC(2026, 10, 20, 4, 30) }],
  });
});
