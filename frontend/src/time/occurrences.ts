// When an alarm is due: a schedule in a zone to occurrences (twin of alarms/occurrences.py). The instant to look from is given.
//
// Wall times come first, instants after: a rule is expanded in wall time, every wall time is then resolved on its own. Only
// in a gap may the two orders differ, and there two wall times may share one instant.
import { Expansion } from "./expansion";
import type { Schedule } from "./schedule";
import { DAY_SECONDS, type WallTime } from "./wall";
import { localToInstant, offsetAt, type ZoneTable } from "./zoneTable";

/** `wall` is the time that the schedule names; what the clock shows differs from it only inside a gap. */
export interface Occurrence {
  readonly atMs: number;
  readonly offsetSeconds: number;
  readonly wall: WallTime;
}

/** Why there are no more: the schedule has none, or the zone table does not reach further. */
export type End = "schedule" | "horizon";

/** No zone ever skipped more than a whole day (Samoa, 30 December 2011). */
const LONGEST_GAP_SECONDS = DAY_SECONDS + 3600;

/**
 * All from `fromMs` on, by instant, each instant once. Returns why they end.
 * `fromMs` may not lie before the table's first days: for what is earlier it gives the first offset it knows.
 */
export function* occurrences(schedule: Schedule, table: ZoneTable, fromMs: number): Generator<Occurrence, End> {
  const offset = offsetAt(table, fromMs);
  if (offset === null) return "horizon";
  // A wall time before the one on the clock can still be ahead of us when a gap moves it later.
  const first = Math.floor(fromMs / 1000) + offset - LONGEST_GAP_SECONDS;
  const moved: Occurrence[] = []; // by a gap, each waiting for its place among those that follow
  for (const wall of wallTimes(schedule, table, first)) {
    const atMs = localToInstant(wall, table);
    if (atMs === null) {
      yield* moved;
      return "horizon";
    }
    if (atMs < fromMs) continue;
    const occurrence = { atMs, offsetSeconds: offsetAt(table, atMs)!, wall };
    if (atMs / 1000 + occurrence.offsetSeconds !== wall) {
      moved.push(occurrence);
      continue;
    }
    while (moved.length && moved[0]!.atMs <= atMs) {
      const earlier = moved.shift()!;
      if (earlier.atMs < atMs) yield earlier; // on the same instant the one that the clock really shows stays
    }
    yield occurrence;
  }
  yield* moved;
  return "schedule";
}

/** The schedule's wall times from `first` on, ascending, each once: the rule's, plus rdates, minus exdates. */
function* wallTimes(schedule: Schedule, table: ZoneTable, first: WallTime): Generator<WallTime> {
  const excluded = new Set(schedule.exdates);
  const dates = [...new Set(schedule.rdates)].filter((wall) => wall >= first).sort((one, other) => one - other);
  let next = 0;
  for (const wall of ruleWallTimes(schedule, table, first)) {
    for (; next < dates.length && dates[next]! <= wall; next++) {
      if (dates[next]! < wall && !excluded.has(dates[next]!)) yield dates[next]!;
    }
    if (!excluded.has(wall)) yield wall;
  }
  for (; next < dates.length; next++) if (!excluded.has(dates[next]!)) yield dates[next]!;
}

function* ruleWallTimes({ rule, start }: Schedule, table: ZoneTable, first: WallTime): Generator<WallTime> {
  if (!rule) {
    if (start >= first) yield start;
    return;
  }
  const untilMs = rule.untilAtMs ?? Infinity;
  const horizonMs = table[table.length - 1]?.[0] ?? 0;
  for (const wall of new Expansion(rule, start).wallTimes(first)) {
    // Not "until the first one that is later": a gap may put a later wall time on an earlier instant.
    if ((localToInstant(wall, table) ?? horizonMs) <= untilMs) yield wall;
  }
}
