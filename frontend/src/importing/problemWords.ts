// What is wrong with one record, and what came of a night, in plain words.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Outcome } from "./sending";
import type { Obstacle, ProblemCode } from "./sleepRecords";
import type { Mark } from "./stored";

export function problemInWords(i18n: I18n, code: ProblemCode): string {
  switch (code) {
    case "tag_broken":
      return i18n._(msg`The record is not written whole.`);
    case "date_missing":
      return i18n._(msg`A time is missing.`);
    case "date_wrong":
      return i18n._(msg`This is no date and time that exists.`);
    case "end_before_start":
      return i18n._(msg`It ends before it begins.`);
    case "too_long":
      return i18n._(msg`It is longer than a day.`);
    case "in_future":
      return i18n._(msg`It lies in the future.`);
    case "stage_unknown":
      return i18n._(msg`This is not a stage that we know.`);
    case "quote_open":
      return i18n._(msg`A quotation mark is not closed.`);
    case "columns_missing":
      return i18n._(msg`There are fewer columns than in the first line.`);
    case "count_wrong":
      return i18n._(msg`A count is a number from 0 to 100,000.`);
    case "heart_rate_wrong":
      return i18n._(msg`A heart rate is a number from 25 to 250. The count beside it is taken.`);
    case "epoch_twice":
      return i18n._(msg`There are two rows for the same 30 seconds. The first one counts.`);
    case "file_ends_early":
      return i18n._(msg`The file ends in the middle. What comes before is taken.`);
  }
}

/** Why a night cannot be imported; null when it can. */
export function reasonInWords(i18n: I18n, obstacle: Obstacle | null, mark: Mark): string | null {
  switch (obstacle) {
    case "no_stages":
      return i18n._(msg`This source tells when you slept, but not how deeply. We do not guess the stages.`);
    case "few_stages":
      return i18n._(msg`Less than half of it has stages. That is too little to say how you slept.`);
    case "too_short":
      return i18n._(msg`Shorter than ten minutes.`);
    case "too_long":
      return i18n._(msg`Longer than a day: too long for one night.`);
    case null:
      break;
  }
  if (mark === "stored") return i18n._(msg`Already here.`);
  return mark === "overlaps" ? i18n._(msg`You have another night at this time.`) : null;
}

export function outcomeInWords(i18n: I18n, outcome: Outcome): string {
  switch (outcome) {
    case "imported":
      return i18n._(msg`Imported`);
    case "already":
      return i18n._(msg`Was already here`);
    case "overlaps":
      return i18n._(msg`You have another night at this time`);
    case "too_old":
      return i18n._(msg`Older than nights are kept here`);
    case "refused":
      return i18n._(msg`The server did not take it`);
    case "no_consent":
      return i18n._(msg`Not yet agreed to`);
    case "not_offered":
      return i18n._(msg`Sleep is switched off on this server`);
    case "too_many":
      return i18n._(msg`There is no room for more nights`);
    case "unreachable":
      return i18n._(msg`The server could not be reached`);
  }
}
