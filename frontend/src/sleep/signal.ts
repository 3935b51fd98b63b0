// A measured signal in stretches of equal length. Pure.

export interface Bucket {
  readonly first: number;
  readonly after: number;
  /** Null where nothing was measured. */
  readonly mean: number | null;
}

export function bucketsOf(values: readonly (number | null)[], count: number): readonly Bucket[] {
  const buckets = Math.max(1, Math.min(count, values.length));
  if (values.length === 0) return [];
  return Array.from({ length: buckets }, (_, place) => {
    const first = Math.floor((place * values.length) / buckets);
    const after = Math.floor(((place + 1) * values.length) / buckets);
    const known = values.slice(first, after).filter((value) => value !== null);
    return { first, after, mean: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length };
  });
}

/** Lines through the stretches that were measured, broken where nothing was. */
export function linePath(buckets: readonly Bucket[], width: number, toY: (value: number) => number): string {
  let isDrawing = false;
  let path = "";
  buckets.forEach(({ mean }, index) => {
    if (mean === null) {
      isDrawing = false;
      return;
    }
    const x = Math.round((((index + 0.5) * width) / buckets.length) * 10) / 10;
    path += `${isDrawing ? "L" : "M"}${x} ${Math.round(toY(mean) * 10) / 10}`;
    isDrawing = true;
  });
  return path;
}
