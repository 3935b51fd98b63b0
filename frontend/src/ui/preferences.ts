// The person's settings with their defaults, and what follows from them on this device.
import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import type { Preferences } from "../api/types";
import { SETTINGS } from "../replica/defaults";
import { useOne } from "../replica/hooks";
import { regionalHourCycle, weekdayOrder, type ClockStyle, type Weekday } from "./clock";
import { useLook } from "./look";

/** The settings; until they were read from the disk, what this device showed last. */
export function usePreferences(): Preferences {
  const stored = useOne("settings", "me");
  const look = useLook((state) => state.look);
  return useMemo(() => ({ ...SETTINGS, ...look, ...stored?.fields }), [stored, look]);
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
