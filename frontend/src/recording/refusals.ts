// Which answers of the server are its last word about a night, and which may be another one tomorrow. Pure.
import type { Answer } from "./sending";

/** Why the server does not take a night. It is forgotten here then: nothing about it will change. */
export type Refusal =
  /** Nobody agreed to it (any more). */
  | "no_consent"
  /** Another device records the same hours. */
  | "overlapping"
  /** This server records no sleep. */
  | "switched_off"
  /** It was deleted, here or on another device. */
  | "gone"
  | "refused";

type Answered = Extract<Answer, { type: "answered" }>;

/** By the code of its problem+json: a status alone may be of a proxy, which knows nothing of nights. */
const FINAL: Readonly<Record<string, Refusal>> = {
  consent_required: "no_consent",
  ml_disabled: "switched_off",
  not_found: "gone",
  session_deleted: "gone",
  overlapping_session: "overlapping",
  session_exists: "refused",
  mixed_session: "refused",
  too_many_sessions: "refused",
  too_many_batches: "refused",
};

/**
 * Anything else may pass: a clock that is ahead makes epochs that have not ended yet for the server, a new version of it
 * may be on its way. What is still refused so long after is not going to be taken.
 */
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/** Null: not final. `ageMs`: how long ago the night began. */
export function refusalOf({ json }: Answered, ageMs: number): Refusal | null {
  const code = (json as { readonly code?: unknown } | null)?.code;
  const final = typeof code === "string" && Object.hasOwn(FINAL, code) ? FINAL[code] : undefined;
  return final ?? (ageMs > LONGEST_MS ? "refused" : null);
}

/** Whether all that is wrong with a night is its device, which was removed since it began. */
export function isAboutDevice(answer: Answer): boolean {
  if (answer.type !== "answered" || answer.status !== 422) return false;
  const errors = (answer.json as { readonly errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors) || errors.length !== 1) return false;
  return (errors[0] as { readonly pointer?: unknown } | null)?.pointer === "/device_id";
}
