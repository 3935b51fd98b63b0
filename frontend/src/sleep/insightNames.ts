// The names of the figures that a recommendation rests on. Pure.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** Null for one that has no name on screen. */
export function insightName(i18n: I18n, name: string): string | null {
  switch (name) {
    case "total_sleep_time":
    case "sleep_with_naps":
      return i18n._(msg`Time asleep`);
    case "bed_time":
    case "wake_time":
      return i18n._(msg`Usual hours`);
    case "regularity":
      return i18n._(msg`Regularity`);
    case "debt":
      return i18n._(msg`Sleep debt`);
    case "social_jetlag":
      return i18n._(msg`Social jet lag`);
    case "chronotype":
      return i18n._(msg`Chronotype`);
    case "sleep_efficiency":
      return i18n._(msg`Asleep while in bed`);
    case "sleep_onset_latency":
      return i18n._(msg`Time to fall asleep`);
    case "deep_waking":
      return i18n._(msg`Alarms in deep sleep`);
    case "gaps":
      return i18n._(msg`Nights with gaps`);
    default:
      return null;
  }
}
