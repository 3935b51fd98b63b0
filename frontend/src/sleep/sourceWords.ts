// Where a night's figures come from, and how far to trust them, in plain words.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Quality, SleepSession } from "./types";

const ENOUGH = 0.5;

/** "estimated from movement and heart rate", or whose stages they are. */
export function originInWords(i18n: I18n, night: SleepSession): string {
  if (night.analysis_source === "vendor") {
    const name = vendorName(i18n, night.stages_source);
    return i18n._(msg`as told by ${name}`);
  }
  return (night.quality?.heart_rate_share ?? 0) >= ENOUGH
    ? i18n._(msg`estimated from movement and heart rate`)
    : i18n._(msg`estimated from movement alone`);
}

/** Names of products stand as they are. */
export function vendorName(i18n: I18n, source: string | null): string {
  switch (source) {
    case "apple_health":
      return "Apple Health";
    case "csv":
    case null:
      return i18n._(msg`an imported file`);
    default:
      return source.replaceAll("_", " ");
  }
}

/** What lowers the trust in a night, if anything. */
export function noteInWords(i18n: I18n, note: Quality["note"]): string | null {
  switch (note) {
    case "too_little_signal":
      return i18n._(msg`Too little was recorded to say how you slept. It happens, for example when a battery runs out.`);
    case "mattress":
      return i18n._(
        msg`A mattress is not a wrist: the model learnt from watches. In bed there is less to feel, so the stages are rougher.`,
      );
    case "unknown_source":
      return i18n._(msg`Nobody said where movement was measured. The model learnt from watches, so the stages may be off.`);
    case "gaps":
      return i18n._(msg`Parts of the night are missing. What lies in them is not guessed.`);
    case "counts_only":
      return i18n._(msg`There was no heart rate. Awake and asleep are told apart; light, deep and REM hardly.`);
    case null:
      return null;
  }
}
