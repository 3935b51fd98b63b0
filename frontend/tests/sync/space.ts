// One user's synced things, as a server keeps them, reduced to what the pure parts do: the model that the tests push to.
import type { Json } from "../../src/sync/canonical";
import { clampAll, greatest } from "../../src/sync/clock";
import { apply, EMPTY, greatestClock, isDeleted, type Entity, type MergeOutcome } from "../../src/sync/merge";
import { admit, isRejection, type Mutation, type RejectionCode } from "../../src/sync/mutation";

export interface Outcome {
  id: string;
  outcome: MergeOutcome | "rejected";
  clock: string;
  code?: RejectionCode;
  pointer?: string;
}

export interface Shown {
  kind: string;
  id: string;
  deleted: boolean;
  fields: Record<string, Json>;
  clocks: Record<string, string>;
}

export class Space {
  readonly entities = new Map<string, Entity>();
  readonly answers = new Map<string, Outcome>();

  constructor(entities: readonly Shown[] = []) {
    for (const { kind, id, fields, clocks } of entities) this.entities.set(keyOf(kind, id), { fields, clocks });
  }

  entity(kind: string, id: string): Entity {
    return this.entities.get(keyOf(kind, id)) ?? EMPTY;
  }

  /** The outcomes in order. Doubled ids are answered as before, and clocks are clamped once for the whole push. */
  push(mutations: readonly Mutation[], nowMs: number): Outcome[] {
    const admitted = new Map<string, Mutation>();
    for (const mutation of mutations) {
      const { id, clock } = mutation;
      if (this.answers.has(id) || admitted.has(id)) continue;
      const answer = admit(mutation, nowMs);
      if (isRejection(answer)) this.answers.set(id, { id, outcome: "rejected", clock, ...answer });
      else admitted.set(id, answer);
    }
    const good = [...admitted.values()];
    const seen = greatest(good.map((mutation) => greatestClock(this.entity(mutation.kind, mutation.entity_id))));
    const clocks = clampAll(
      good.map((mutation) => mutation.clock),
      nowMs,
      seen,
    );
    good.forEach(({ id, kind, entity_id, fields }, place) => {
      const clock = clocks[place]!;
      const merged = apply(this.entity(kind, entity_id), fields, clock);
      this.entities.set(keyOf(kind, entity_id), merged.entity);
      this.answers.set(id, { id, outcome: merged.outcome, clock });
    });
    return mutations.map((mutation) => this.answers.get(mutation.id)!);
  }

  /** All entities, sorted by kind and id, as JSON shows them. */
  snapshot(): Shown[] {
    return [...this.entities.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, entity]) => {
        const [kind, id] = JSON.parse(key) as [string, string];
        return { kind, id, deleted: isDeleted(entity), fields: entity.fields, clocks: entity.clocks };
      });
  }
}

function keyOf(kind: string, id: string): string {
  return JSON.stringify([kind, id]);
}
