// What a challenge asks. Pure; chance is passed in.

/** Gives a number from 0 up to, and without, 1. */
export type Random = () => number;

export interface Sum {
  readonly first: number;
  readonly second: number;
}

/** Two numbers of two digits whose units carry: enough to wake up, not enough to despair. */
export function makeSum(random: Random): Sum {
  const units = 5 + Math.floor(random() * 5);
  const otherUnits = 10 - units + Math.floor(random() * (units - 1));
  return {
    first: 10 * (1 + Math.floor(random() * 4)) + units,
    second: 10 * (1 + Math.floor(random() * 4)) + otherUnits,
  };
}

export function isSumOf(text: string, { first, second }: Sum): boolean {
  return /^\s*\d{1,4}\s*$/.test(text) && Number(text) === first + second;
}

/** Four digits, none next to itself. */
export function makeCode(random: Random): string {
  let code = "";
  while (code.length < 4) {
    const last = code === "" ? -1 : Number(code.at(-1));
    const digit = Math.floor(random() * 9) + 1;
    code += String(digit === last ? (digit % 9) + 1 : digit);
  }
  return code;
}

export function isCode(text: string, code: string): boolean {
  return text.replaceAll(/\s/g, "") === code;
}

export const SHAKES = 15;
/** Metres per second squared between two readings that count as a shake; a phone that is turned or set down stays below. */
const SHAKE_FORCE = 14;
const SHAKE_GAP_MS = 180;

export interface Shaking {
  readonly count: number;
  readonly lastAt: number;
  readonly last: readonly [number, number, number] | null;
}

export const STILL: Shaking = { count: 0, lastAt: -Infinity, last: null };

/** One reading of the motion sensor, gravity included or not. */
export function feelMotion(before: Shaking, reading: readonly [number, number, number], at: number): Shaking {
  const { last } = before;
  const change = last ? Math.hypot(reading[0] - last[0], reading[1] - last[1], reading[2] - last[2]) : 0;
  const isShake = change > SHAKE_FORCE && at - before.lastAt > SHAKE_GAP_MS;
  return { count: before.count + (isShake ? 1 : 0), lastAt: isShake ? at : before.lastAt, last: reading };
}
