// A mutation: one write of some fields of one entity at one clock, and what is refused before it is merged.
//
// A refusal depends on the mutation alone (and `expired` on the time), so the server refuses the same ones (twin of
// sync/mutation.py). Types and bounds of the values are the server's to check.
import { NotCanonical, normalized, type Json } from "./canonical";
import { isExpired, parseClock } from "./clock";
import { isReadOnly, writableFields } from "./kinds";
import type { Fields } from "./merge";

export type RejectionCode =
  "unknown_kind" | "read_only_kind" | "invalid_clock" | "expired" | "no_fields" | "unknown_field" | "invalid_value";

/** As it is sent. `id` names the mutation itself: it is answered once, and the same for ever after. */
export interface Mutation {
  readonly id: string;
  readonly kind: string;
  readonly entity_id: string;
  readonly fields: Fields;
  readonly clock: string;
}

/** Why a mutation is refused; `pointer` (RFC 6901) is into the mutation. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly pointer: string;
}

/**
 * The mutation with its values normalised, or the first reason against it.
 *
 * In this order: kind, clock, names of the fields, values; of several fields the first by its name's UTF-16 code units.
 */
export function admit(mutation: Mutation, nowMs: number): Mutation | Rejection {
  if (isReadOnly(mutation.kind)) return { code: "read_only_kind", pointer: "/kind" };
  const writable = writableFields(mutation.kind);
  if (!writable) return { code: "unknown_kind", pointer: "/kind" };
  if (!parseClock(mutation.clock)) return { code: "invalid_clock", pointer: "/clock" };
  if (isExpired(mutation.clock, nowMs)) return { code: "expired", pointer: "/clock" };
  const names = Object.keys(mutation.fields).sort();
  if (!names.length) return { code: "no_fields", pointer: "/fields" };
  const unknown = names.find((name) => !writable.includes(name));
  if (unknown !== undefined) return { code: "unknown_field", pointer: pointerTo(unknown) };
  const fields: Record<string, Json> = {};
  for (const name of names) {
    try {
      fields[name] = normalized(mutation.fields[name]);
    } catch (error) {
      if (error instanceof NotCanonical) return { code: "invalid_value", pointer: pointerTo(name) };
      throw error;
    }
  }
  return { ...mutation, fields };
}

/** Whether `admit` refused. */
export function isRejection(answer: Mutation | Rejection): answer is Rejection {
  return "code" in answer;
}

function pointerTo(name: string): string {
  return "/fields/" + name.replaceAll("~", "~0").replaceAll("/", "~1");
}
