// The person's settings with their defaults, and what follows from them on this device.
import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import type { Preferences } from "../api/types";
import { useOne } from "../replica/hooks";
import { regionalHourCycle, weekdayOrder, type ClockStyle, type Weekday } from "./clock";
import { useLook } from "./look";

/** As the server fills them in. */
export const DEFAULTS: Preferences = {
  theme: "system",
  language: null,
  hour_cycle: "auto",
  first_weekday: "auto",
  reduced_motion: false,
  high_contrast: false,
  larger_text: false,
  simplified_mode: false,
  hide_label_on_lock_screen: false,
  sleep_consent: false,
  sleep_goal_minutes: 480,
};

/** The settings; until they were read from the disk, what this device showed last. */
export function usePreferences(): Preferences {
  const stored = useOne("settings", "me");
  const look = useLook((state) => state.look);
  return useMemo(() => ({ ...DEFAULTS, ...look, ...stored?.fields }), [stored, look]);
}

export function useIsSimplified(): boolean {
  return usePreferences().simplified_mode;
}

/** How to write times: the language on screen, the person's hour cycle. */
export function useClockStyle(): ClockStyle {
  const { i18n } = useLingui();
  const { hour_cycle } = usePreferences();
  const locale = i18n.locale;
  return useMemo(
    () => ({ locale, hourCycle: hour_cycle === "auto" ? regionalHourCycle(navigator.language) : hour_cycle }),
    [locale, hour_cycle],
  );
}

/** The days of the week in the person's order. */
export function useWeekdays(): readonly Weekday[] {
  const { first_weekday } = usePreferences();
  return useMemo(() => weekdayOrder(first_weekday, navigator.language), [first_weekday]);
}
