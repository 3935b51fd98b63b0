// From what the calendar says of an alarm to what the list shows. Pure.
import type { AlarmFields, Shown } from "../replica/types";
import type { NextRings as Worked } from "../time/preview";
import type { Next, NextRings } from "./listView";

function nextOf({ enabled }: Pick<AlarmFields, "enabled">, found: Worked[string] | undefined): Next | undefined {
  if (!enabled) return { type: "off" };
  if (found === undefined) return undefined;
  if (found === "none" || found === "invalid") return { type: "over" };
  if (found === "beyond_horizon" || found === "unknown_zone") return { type: found };
  return { type: "rings", atMs: found.atMs, local: found.local };
}

/** The soonest of the stored occurrences that will ring, for each alarm: known before anything is worked out. */
export function soonest(occurrences: readonly Shown<"occurrence">[], now: number): ReadonlyMap<string, Next> {
  const found = new Map<string, Next & { atMs: number }>();
  for (const { fields } of occurrences) {
    const atMs = Date.parse(fields.at);
    if (fields.alarm_id === null || fields.state !== "pending" || fields.status !== "will_ring" || atMs <= now) continue;
    const known = found.get(fields.alarm_id);
    if (known === undefined || atMs < known.atMs) found.set(fields.alarm_id, { type: "rings", atMs, local: fields.local });
  }
  return found;
}

/** All alarms: what is stored counts, the calendar knows the rest. */
export function nextRingsOf(
  alarms: readonly Shown<"alarm">[],
  stored: ReadonlyMap<string, Next>,
  worked: Worked,
): NextRings {
  const rings = new Map<string, Next>();
  for (const { id, fields } of alarms) {
    const next = (fields.enabled ? stored.get(id) : undefined) ?? nextOf(fields, worked[id]);
    if (next) rings.set(id, next);
  }
  return rings;
}
