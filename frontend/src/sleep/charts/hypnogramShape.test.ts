// The geometry of a hypnogram.
import { expect, test } from "vitest";
import { runsOf } from "../runs";
import type { Epoch } from "../types";
import { confidencePath, shapeOf } from "./hypnogramShape";

const epoch = (stage: Epoch["stage"], confidence: number | null = 0.5): Epoch => ({ stage, confidence });
const night = [epoch("wake"), epoch("light"), epoch("light"), epoch(null, null), epoch("deep"), epoch("rem")];

test("blocks stand side by side in the lanes of their stages", () => {
  const { blocks } = shapeOf(runsOf(night), night.length, 600);
  expect(blocks.map(({ x, width, lane }) => [x, width, lane])).toEqual([
    [0, 100, 0],
    [100, 200, 2],
    [300, 100, null],
    [400, 100, 3],
    [500, 100, 1],
  ]);
});

test("lines join the lanes, but not across a stretch without signal", () => {
  const { steps } = shapeOf(runsOf(night), night.length, 600);
  expect(steps).toEqual([
    { x: 100, from: 0, to: 2 },
    { x: 500, from: 3, to: 1 },
  ]);
});

test("half a minute is still seen, and nothing sticks out at the end", () => {
  const long = [...Array.from({ length: 959 }, () => epoch("light")), epoch("wake")];
  const { blocks } = shapeOf(runsOf(long), long.length, 200);
  expect(blocks[1]?.width).toBeGreaterThanOrEqual(1.5);
  expect(shapeOf([], 0, 200)).toEqual({ blocks: [], steps: [] });
});

test("the band of confidence is a closed outline, and absent where nobody is sure of anything", () => {
  const path = confidencePath([epoch("light", 1), epoch("light", 0)], 6, 10);
  expect(path).toBe("M0 10L0 0H3L3 10H6V10Z");
  expect(confidencePath([epoch("light", null)], 6, 10)).toBe("");
});
