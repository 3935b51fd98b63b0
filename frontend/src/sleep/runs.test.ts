// Stretches of one stage, as a table lists them.
import { expect, test } from "vitest";
import { meanConfidence, runsOf } from "./runs";
import type { Epoch } from "./types";

const epochs = (text: string): Epoch[] =>
  Array.from(text).map((letter) => ({
    stage: ({ w: "wake", l: "light", d: "deep", r: "rem" }[letter] as Epoch["stage"] | undefined) ?? null,
    confidence: letter === "." ? null : 0.5,
  }));

test("a run goes on until the stage changes, and no signal is a run too", () => {
  expect(runsOf(epochs("wwlldl..r")).map(({ stage, first, after }) => [stage, first, after])).toEqual([
    ["wake", 0, 2],
    ["light", 2, 4],
    ["deep", 4, 5],
    ["light", 5, 6],
    [null, 6, 8],
    ["rem", 8, 9],
  ]);
});

test("runs cover every epoch once, and an empty night has none", () => {
  const runs = runsOf(epochs("wldldlrrrw..wl"));
  expect(runs.reduce((sum, run) => sum + run.after - run.first, 0)).toBe(14);
  expect(runsOf([])).toEqual([]);
});

test("confidence is the mean of what is known, and null where nobody says", () => {
  const night: Epoch[] = [
    { stage: "light", confidence: 0.4 },
    { stage: "light", confidence: null },
    { stage: "light", confidence: 0.8 },
  ];
  expect(runsOf(night)[0]?.confidence).toBeCloseTo(0.6);
  expect(meanConfidence(epochs(".."))).toBeNull();
});
