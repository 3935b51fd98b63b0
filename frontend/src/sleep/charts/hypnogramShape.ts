// The geometry of a hypnogram: blocks in lanes, lines between them, and how sure it is below. Pure.
import { meanConfidence, type Run } from "../runs";
import { STAGES, type Epoch } from "../types";

export interface Block {
  readonly run: Run;
  readonly x: number;
  readonly width: number;
  /** 0 at the top; null for a stretch without signal, which takes the whole height. */
  readonly lane: number | null;
}

/** A vertical line from one lane to another, where one stretch ends and the next begins. */
export interface Step {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

export interface Shape {
  readonly blocks: readonly Block[];
  readonly steps: readonly Step[];
}

/** A stretch of a few seconds is still seen. */
const MIN_WIDTH = 1.5;

export function shapeOf(runs: readonly Run[], count: number, width: number): Shape {
  const scale = count === 0 ? 0 : width / count;
  const blocks = runs.map((run): Block => {
    const x = run.first * scale;
    const own = Math.max(MIN_WIDTH, (run.after - run.first) * scale);
    return { run, x, width: Math.min(own, Math.max(MIN_WIDTH, width - x)), lane: laneOf(run) };
  });
  const steps = blocks.slice(1).flatMap((block, index): Step[] => {
    const before = blocks[index]!;
    return before.lane === null || block.lane === null ? [] : [{ x: block.x, from: before.lane, to: block.lane }];
  });
  return { blocks, steps };
}

/** The outline of confidence from 0 to 1 over the night, closed along the bottom; empty where nobody says how sure it is. */
export function confidencePath(epochs: readonly Epoch[], width: number, height: number, bucket = 3): string {
  const buckets = Math.max(1, Math.floor(width / bucket));
  if (epochs.length === 0 || meanConfidence(epochs) === null) return "";
  const points: string[] = [];
  for (let place = 0; place < buckets; place += 1) {
    const from = Math.floor((place * epochs.length) / buckets);
    const to = Math.max(from + 1, Math.floor(((place + 1) * epochs.length) / buckets));
    const y = height * (1 - (meanConfidence(epochs.slice(from, to)) ?? 0));
    points.push(`L${round((place * width) / buckets)} ${round(y)}H${round(((place + 1) * width) / buckets)}`);
  }
  return `M0 ${round(height)}${points.join("")}V${round(height)}Z`;
}

function laneOf({ stage }: Run): number | null {
  return stage === null ? null : STAGES.indexOf(stage);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
