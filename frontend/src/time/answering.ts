// From a request to its answer: what the worker does, apart from being one.
import { InvalidSchedule, UnknownZone } from "./errors";
import { coming, nextOccurrences, preview } from "./preview";
import type { Answer, Failure, Methods, Request } from "./protocol";
import { isRuleError, parseRule } from "./rule";

const METHODS: Methods = {
  preview,
  coming,
  nextOccurrences,
  validateRule: (text) => {
    const rule = parseRule(text);
    return isRuleError(rule) ? rule : null;
  },
};

export function requestToAnswer({ id, method, params }: Request): Answer {
  try {
    const call = METHODS[method] as (...given: unknown[]) => ReturnType<Methods[typeof method]>;
    return { id, result: call(...params) };
  } catch (error) {
    return { id, failure: errorToFailure(error) };
  }
}

function errorToFailure(error: unknown): Failure {
  if (error instanceof InvalidSchedule) {
    return { type: "invalid_schedule", field: error.field, code: error.code, part: error.part };
  }
  if (error instanceof UnknownZone) return { type: "unknown_zone", zone: error.zone };
  return { type: "failed", message: error instanceof Error ? error.message : String(error) };
}
