// What the page and its worker say to each other about times. Typed from the functions that answer, so neither can drift.
import type { ScheduleErrorCode } from "./errors";
import type { coming, nextOccurrences, preview } from "./preview";
import type { RuleError } from "./rule";

export interface Methods {
  readonly preview: typeof preview;
  readonly coming: typeof coming;
  readonly nextOccurrences: typeof nextOccurrences;
  /** What is wrong with an RRULE value, null when nothing is. */
  readonly validateRule: (text: string) => RuleError | null;
}

export type Method = keyof Methods;

export type Request = {
  readonly [M in Method]: { readonly id: number; readonly method: M; readonly params: Parameters<Methods[M]> };
}[Method];

/** An error as it crosses over; classes do not. */
export type Failure =
  | {
      readonly type: "invalid_schedule";
      readonly field: string;
      readonly code: ScheduleErrorCode;
      readonly part: string | null;
    }
  | { readonly type: "unknown_zone"; readonly zone: string }
  | { readonly type: "failed"; readonly message: string };

export type Answer =
  { readonly id: number; readonly result: ReturnType<Methods[Method]> } | { readonly id: number; readonly failure: Failure };
