// The counts of a night, against scipy's on the same signals, and as the samples come in.
import { describe, expect, it } from "vitest";
import { vectorFile, vectorNames } from "../../tests/vectorFiles";
import { resample, secondBins } from "./counts";
import { EpochCounter, MOST_EPOCHS, type Epoch } from "./counter";
import { filtfilt, HZ } from "./filter";

interface Vector {
  readonly seconds: number;
  readonly unit_g: number;
  readonly steps_ms_u16: string;
  readonly z_i16: string;
  readonly expect: { readonly bins: readonly number[]; readonly counts: readonly (number | null)[] };
}

function unpacked(vector: Vector): { at: number[]; z: number[] } {
  const read = (text: string) => Buffer.from(text, "base64");
  const steps = read(vector.steps_ms_u16);
  const values = read(vector.z_i16);
  let now = 0;
  const at: number[] = [];
  const z: number[] = [];
  for (let i = 0; i < steps.length; i += 2) {
    at.push((now += steps.readUInt16LE(i)));
    z.push(values.readInt16LE(i) * vector.unit_g);
  }
  return { at, z };
}

const NAMES = vectorNames("motion");
/** A step of one bin in one second. */
const ONE_BIN = 3.07;

describe.each(NAMES)("the signal %s", (name) => {
  const vector = vectorFile(`motion/${name}`) as Vector;
  const { at, z } = unpacked(vector);

  it("falls into scipy's bins when it is filtered as a whole", () => {
    const bins = secondBins(filtfilt(resample({ at, z }, 0, vector.seconds * HZ)));
    expect(bins).toEqual(vector.expect.bins);
  });

  it.each([250, 1_000, 40_000])("gives scipy's counts, to one bin, when it comes %i ms at a time", (everyMs) => {
    const startAt = 1_800_000_000_000; // as an instant of a real night
    const counter = new EpochCounter(startAt);
    const epochs: Epoch[] = [];
    for (let from = 0; from < vector.seconds * 1000; from += everyMs) {
      const inside = at.flatMap((one, i) => (one >= from && one < from + everyMs ? [i] : []));
      counter.add(
        inside.map((i) => startAt + at[i]!),
        inside.map((i) => z[i]!),
      );
      epochs.push(...counter.take(startAt + from + everyMs));
    }
    epochs.push(...counter.finish(startAt + vector.seconds * 1000));
    expect(epochs.map((epoch) => epoch.index)).toEqual(vector.expect.counts.map((_, index) => index));
    for (const { index, count } of epochs) {
      const wanted = vector.expect.counts[index] ?? null;
      if (wanted === null) expect(count).toBeNull();
      else expect(Math.abs(count! - wanted)).toBeLessThanOrEqual(ONE_BIN + 1e-9);
    }
  });
});

describe("a night without samples", () => {
  it("has epochs that say so, and no invented stillness", () => {
    const counter = new EpochCounter(0);
    expect(counter.take(64_999)).toEqual([{ index: 0, count: null }]);
    expect(counter.take(65_000)).toEqual([{ index: 1, count: null }]);
    expect(counter.take(65_000)).toEqual([]);
  });

  it("never has more epochs than a day", () => {
    expect(new EpochCounter(0).take(1e12)).toHaveLength(MOST_EPOCHS);
  });
});

describe("the way samples come", () => {
  const still = (from: number, until: number) => Array.from({ length: (until - from) / 20 }, (_, i) => from + i * 20);

  it("counts an epoch five seconds after its end, not before", () => {
    const counter = new EpochCounter(0);
    const at = still(0, 36_000);
    counter.add(
      at,
      at.map(() => 1),
    );
    expect(counter.take(34_999)).toEqual([]);
    expect(counter.take(35_000)).toEqual([{ index: 0, count: 0 }]);
  });

  it("goes on after a pause with the epoch that is then, and tells nothing of those between", () => {
    const counter = new EpochCounter(0);
    for (const at of [still(0, 31_000), still(200_000, 300_000)]) {
      counter.add(
        at,
        at.map(() => 1),
      );
    }
    const counts = counter.take(305_000).map((epoch) => epoch.count);
    expect(counts).toEqual([0, null, null, null, null, null, null, 0, 0, 0]);
  });

  it("goes on with a later epoch when it was begun anew", () => {
    expect(new EpochCounter(0, 7).take(245_000)).toEqual([{ index: 7, count: null }]);
  });

  it("leaves out samples that go back in time or are no numbers", () => {
    const counter = new EpochCounter(0);
    const at = still(0, 36_000);
    counter.add(
      at,
      at.map(() => 1),
    );
    counter.add([10, NaN, 36_100], [500, 1, NaN]);
    expect(counter.take(36_000)).toEqual([{ index: 0, count: 0 }]);
  });

  it("feels the same whichever way the axis points", () => {
    const at = still(0, 36_000);
    const z = at.map((one) => 1 + (one > 10_000 && one < 12_000 ? Math.sin(one / 30) : 0));
    const [up, down] = [1, -1].map((sign) => {
      const counter = new EpochCounter(0);
      counter.add(
        at,
        z.map((one) => sign * one),
      );
      return counter.take(36_000)[0]!.count;
    });
    expect(up).toBeGreaterThan(0);
    expect(down).toBe(up);
  });
});
