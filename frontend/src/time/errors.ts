// What can be wrong with a question about times; kept apart so that asking needs none of the code that answers.
import type { RuleErrorCode } from "./rule";

export type ScheduleErrorCode =
  RuleErrorCode | "not_a_wall_time" | "not_a_list" | "too_many" | "not_a_rule" | "unknown_field";

/** A schedule we do not accept: the field at fault, and of `rrule` the part. */
export class InvalidSchedule extends Error {
  constructor(
    readonly field: string,
    readonly code: ScheduleErrorCode,
    readonly part: string | null = null,
  ) {
    super(`${field}: ${code}`);
  }
}

/** No table of that zone was pulled: nothing can be said about its instants. */
export class UnknownZone extends Error {
  constructor(readonly zone: string) {
    super(`unknown zone ${zone}`);
  }
}
