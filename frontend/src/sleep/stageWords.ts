// The stages of sleep in plain words.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Stage } from "./types";

/** With a context of their own: "Light" is a theme elsewhere. */
export function stageInWords(i18n: I18n, stage: Stage | null): string {
  switch (stage) {
    case "wake":
      return i18n._(msg({ message: "Awake", context: "stage of sleep" }));
    case "light":
      return i18n._(msg({ message: "Light", context: "stage of sleep" }));
    case "deep":
      return i18n._(msg({ message: "Deep", context: "stage of sleep" }));
    case "rem":
      return i18n._(msg({ message: "REM", context: "stage of sleep" }));
    case null:
      return i18n._(msg({ message: "No signal", context: "stage of sleep" }));
  }
}
