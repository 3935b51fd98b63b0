// What is wrong with a field and how to put it right, in plain words. Pure.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { RuleError } from "../time/rule";
import type { Problem } from "./problems";

export function problemInWords(i18n: I18n, problem: Problem): string {
  switch (problem.code) {
    case "no_zone":
      return i18n._(msg`Choose a place from the list.`);
    case "characters":
      return i18n._(msg`There is a character in it that cannot be kept. Please type it again.`);
    case "not_a_time":
      return i18n._(msg`Choose a time, such as 07:00.`);
    case "not_a_date":
      return i18n._(msg`Choose a date.`);
    case "date_over":
      return i18n._(msg`This time is over already. Choose a later date.`);
    case "no_days":
      return i18n._(msg`Choose at least one day.`);
    case "until_before_start":
      return i18n._(msg`The last day lies before the first one. Choose a later day.`);
    case "too_long": {
      const { most } = problem;
      return i18n._(msg`This is too long: ${most} characters at most.`);
    }
    case "too_many": {
      const { most } = problem;
      return i18n._(msg`These are too many: ${most} at most.`);
    }
    case "range": {
      const [low, high] = problem.range;
      return i18n._(msg`Choose a whole number from ${low} to ${high}.`);
    }
    case "rule":
      return ruleErrorInWords(i18n, problem.error);
  }
}

/** Names the part at fault, as the person wrote it. */
export function ruleErrorInWords(i18n: I18n, { code, part: named, range }: RuleError): string {
  const part = named ?? "";
  const [low, high] = range ?? [0, 0];
  switch (code) {
    case "too_long":
      return i18n._(msg`The rule is too long: 500 characters at most.`);
    case "not_parts":
      return i18n._(msg`Write parts such as FREQ=DAILY;INTERVAL=2, without spaces.`);
    case "has_prefix":
      return i18n._(msg`Leave out "RRULE:" at the start.`);
    case "unknown_part":
      return i18n._(msg`${part} is not a part that can be used here.`);
    case "not_a_pair":
      return named === null
        ? i18n._(msg`Every part looks like NAME=VALUE, with one semicolon between two.`)
        : i18n._(msg`${part} needs a value, such as ${part}=1.`);
    case "given_twice":
      return i18n._(msg`${part} stands there twice. Keep one.`);
    case "no_frequency":
      return i18n._(msg`FREQ is missing. Begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.`);
    case "sub_daily":
      return i18n._(msg`FREQ can be DAILY at most. For several times a day use BYHOUR and BYMINUTE.`);
    case "unknown_frequency":
      return i18n._(msg`FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY.`);
    case "not_in_range":
      return i18n._(msg`${part} must be a whole number from ${low} to ${high}.`);
    case "not_signed_in_range":
      return i18n._(msg`${part} must be from 1 to ${high}, or from −${high} to −1 to count from the end.`);
    case "not_days":
      return i18n._(msg`BYDAY takes days such as MO or FR, with a number in front as in 2TU or -1FR.`);
    case "not_a_weekday":
      return i18n._(msg`WKST takes one of MO, TU, WE, TH, FR, SA, SU.`);
    case "not_a_time":
      return i18n._(msg`UNTIL takes a real date, such as 20261231.`);
    case "count_with_until":
      return i18n._(msg`COUNT and UNTIL cannot stand together. Keep one.`);
    case "numbered_day":
      return i18n._(msg`BYDAY takes a number only with FREQ=MONTHLY or FREQ=YEARLY.`);
    case "positions_alone":
      return i18n._(msg`BYSETPOS needs another BY part beside it.`);
  }
}
