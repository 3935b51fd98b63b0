// Prints a figure beside its goal, and fails the run where it is missed.
import { expect } from "@playwright/test";

export function figure(
  name: string,
  value: number,
  unit: string,
  goal: { readonly atMost: number } | { readonly atLeast: number },
): void {
  const isMet = "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
  const wanted = "atMost" in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
  console.log(
    `${isMet ? "met   " : "MISSED"} ${name.padEnd(56)} ${value.toFixed(value < 10 ? 3 : 0).padStart(8)} ${unit.padEnd(6)} goal ${wanted}`,
  );
  expect.soft(isMet, name).toBe(true);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}
