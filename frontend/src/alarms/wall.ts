// When something rings by the wall of the person, and by the wall of the alarm's own zone where that one differs. Pure.
import { localOf, zoneCity } from "../ui/clock";
import type { Clock } from "./useClock";

interface Ring {
  readonly atMs: number;
  /** The wall time that is stored with it, in the alarm's zone. */
  readonly local: string;
  /** The alarm's own zone; null follows the person. */
  readonly zone: string | null;
}

export interface Wall {
  /** The person's own wall time, to read day and time from. */
  readonly here: string;
  /** Null for an alarm that follows the person, or whose zone shows the same time then. */
  readonly there: { readonly local: string; readonly city: string } | null;
}

export type Place = Pick<Clock, "zone" | "zones">;

/** Without the table of the person's zone, what is stored is all there is to tell. */
export function wallOf({ atMs, local, zone }: Ring, { zone: own, zones }: Place): Wall {
  const table = zones[own ?? ""];
  if (!table) return { here: local, there: null };
  const here = localOf(atMs, table);
  const isSame = zone === null || here.slice(0, 16) === local.slice(0, 16);
  return { here, there: isSame ? null : { local, city: zoneCity(zone) } };
}
