// The merge: per field the last writer wins, by its clock. Pure; twin of sync/merge.py, both replay the same vectors.
//
// An entity is a join semilattice: each field holds the greatest of all that was written to it, so any order, doubling and
// repetition of the same writes ends the same. It never fails: what it is given was admitted (mutation.ts).
import { canonicalJson, type Json } from "./canonical";
import { greatest } from "./clock";

export type Fields = Readonly<Record<string, Json>>;
export type Clocks = Readonly<Record<string, string>>;

/** What is known of one synced thing: its fields, and the clock of each. A field without a clock is a default. */
export interface Entity {
  readonly fields: Fields;
  readonly clocks: Clocks;
}

/** All fields of the mutation won, some did, or none. */
export type MergeOutcome = "applied" | "merged" | "superseded";

/** What a mutation made of an entity. `won`: its fields that stand now, sorted. */
export interface Merged {
  readonly entity: Entity;
  readonly outcome: MergeOutcome;
  readonly won: readonly string[];
  /** False when nothing is to be stored: the mutation was superseded, or all that stands stood before. */
  readonly isChanged: boolean;
}

/** Of which nothing is known. */
export const EMPTY: Entity = Object.freeze({ fields: {}, clocks: {} });

/** Whether it is a tombstone: it keeps its fields and clocks, and only `deleted: false` brings it back. */
export function isDeleted(entity: Entity): boolean {
  return Object.hasOwn(entity.fields, "deleted") && entity.fields["deleted"] === true;
}

/** The latest of its clocks: a write that must win over all it holds ticks after this. */
export function greatestClock(entity: Entity): string | null {
  return greatest(Object.values(entity.clocks));
}

/** The entity after all writes that either has seen. Commutative, associative and idempotent; both stay as they are. */
export function merge(one: Entity, other: Entity): Entity {
  const fields = new Map(Object.entries(one.fields)); // a map, because `__proto__` is a name like any other
  const clocks = new Map(Object.entries(one.clocks));
  for (const [name, value] of Object.entries(other.fields)) {
    const clock = clockOf(other, name);
    if (!fields.has(name) || isGreater(value, clock, fields.get(name)!, clocks.get(name) ?? "")) {
      fields.set(name, value);
      if (clock) clocks.set(name, clock);
    }
  }
  return { fields: Object.fromEntries(fields), clocks: Object.fromEntries(clocks) };
}

/**
 * The entity after a mutation that wrote these fields (normalised values) at this clock. A field of the mutation wins when
 * it stands afterwards, also when the very same write stood there before.
 */
export function apply(entity: Entity, written: Fields, clock: string): Merged {
  const names = Object.keys(written).sort();
  const after = merge(entity, { fields: written, clocks: Object.fromEntries(names.map((name) => [name, clock])) });
  const won = names.filter((name) => stands(after, name, written[name]!, clock));
  return {
    entity: after,
    outcome: !won.length ? "superseded" : won.length === names.length ? "applied" : "merged",
    won,
    isChanged: won.some((name) => !stands(entity, name, written[name]!, clock)),
  };
}

/** Whether one write beats another: the later clock, then the greater canonical JSON. No clock is the earliest. */
function isGreater(value: Json, clock: string, than: Json, thanClock: string): boolean {
  return clock !== thanClock ? clock > thanClock : canonicalJson(value) > canonicalJson(than);
}

function stands(entity: Entity, name: string, value: Json, clock: string): boolean {
  return (
    Object.hasOwn(entity.fields, name) &&
    clockOf(entity, name) === clock &&
    canonicalJson(entity.fields[name]) === canonicalJson(value)
  );
}

function clockOf(entity: Entity, name: string): string {
  return Object.hasOwn(entity.clocks, name) ? entity.clocks[name]! : "";
}
