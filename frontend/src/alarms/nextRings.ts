// From what the calendar says of an alarm to what the list shows. Pure.
import type { AlarmFields, OccurrenceFields, Shown } from "../replica/types";
import type { NextRings as Worked } from "../time/preview";
import { startOf, type Next, type NextRings } from "./listView";

function nextOf(
  { enabled }: Pick<AlarmFields, "enabled">,
  found: Worked[string] | undefined,
  now: number,
): Next | undefined {
  if (!enabled) return { type: "off" };
  if (found === undefined) return undefined;
  if (found === "none" || found === "invalid") return { type: "over" };
  if (found === "beyond_horizon" || found === "unknown_zone") return { type: found };
  if (found.atMs <= now) return undefined; // it is over, and the next is being worked out
  return { type: "rings", atMs: found.atMs, local: found.local };
}

/** What rings or is snoozed, else the soonest stored one that will ring, for each alarm: known before anything is worked out. */
export function soonest(occurrences: readonly Shown<"occurrence">[], now: number): ReadonlyMap<string, Next> {
  const found = new Map<string, Next>();
  for (const { fields } of occurrences) {
    const next = nextOfStored(fields, now);
    if (next === null || fields.alarm_id === null) continue;
    const known = found.get(fields.alarm_id);
    if (known === undefined || startOf(next) < startOf(known)) found.set(fields.alarm_id, next);
  }
  return found;
}

function nextOfStored(fields: OccurrenceFields, now: number): Next | null {
  if (fields.state === "ringing") return { type: "ringing" };
  if (fields.state === "snoozed" && fields.snoozed_until !== null) {
    return { type: "snoozed", atMs: Date.parse(fields.snoozed_until) };
  }
  const atMs = Date.parse(fields.at);
  const isToCome = fields.state === "pending" && fields.status === "will_ring" && atMs > now;
  return isToCome ? { type: "rings", atMs, local: fields.local } : null;
}

/** Those that were answered before their time, when a smart wake rang: the calendar still has them, and they are over. */
export function answeredEarly(occurrences: readonly Shown<"occurrence">[], now: number): readonly string[] {
  const isAnswered = ({ fields }: Shown<"occurrence">) => fields.state === "dismissed" && Date.parse(fields.at) > now;
  return occurrences.filter(isAnswered).map(({ id }) => id);
}

/** When the soonest of them rings; Infinity when none does. */
export function soonestOf(rings: NextRings): number {
  let soonestMs = Infinity;
  for (const next of rings.values()) if (next.type === "rings") soonestMs = Math.min(soonestMs, next.atMs);
  return soonestMs;
}

/** All alarms: what is stored counts, the calendar knows the rest. */
export function nextRingsOf(
  alarms: readonly Shown<"alarm">[],
  stored: ReadonlyMap<string, Next>,
  worked: Worked,
  now: number,
): NextRings {
  const rings = new Map<string, Next>();
  for (const { id, fields } of alarms) {
    const next = (fields.enabled ? stored.get(id) : undefined) ?? nextOf(fields, worked[id], now);
    if (next) rings.set(id, next);
  }
  return rings;
}
