// Groups rings by the day on which they were due where they were due.

interface Dated {
  readonly local: string;
}

/** Pairs of a date and its rings, in the order in which they come. */
export function byDay<Ring extends Dated>(
  rings: readonly Ring[],
): readonly (readonly [day: string, rings: readonly Ring[]])[] {
  const days = new Map<string, Ring[]>();
  for (const ring of rings) {
    const day = ring.local.slice(0, 10);
    const known = days.get(day);
    if (known) known.push(ring);
    else days.set(day, [ring]);
  }
  return [...days];
}
