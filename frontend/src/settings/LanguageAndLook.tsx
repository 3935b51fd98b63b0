// Language, theme, and how times and weeks are written.
import { Trans, useLingui } from "@lingui/react/macro";
import { LOCALES } from "../i18n/locale";
import { LOCALE_NAMES } from "../i18n/names";
import { Card } from "../ui/Card";
import { formatTime, weekdayName, weekdayOrder } from "../ui/clock";
import { changeLook, useLook } from "../ui/look";
import { usePreferences } from "../ui/preferences";
import { RadioGroup } from "../ui/RadioGroup";
import { Select } from "../ui/Select";
import { changeSettings } from "./change";

export function LanguageAndLook() {
  const { t, i18n } = useLingui();
  const settings = usePreferences();
  const chosenHere = useLook((state) => state.look.deviceLanguage);
  const locale = i18n.locale;
  const evening = (hourCycle: "h12" | "h23") => formatTime("19:30", { locale, hourCycle });
  const autoDay = weekdayName(weekdayOrder("auto", navigator.language)[0] ?? "MO", locale);
  return (
    <Card title={<Trans>Language and look</Trans>}>
      <Select
        label={t`Language`}
        options={[
          { value: "device", label: t`Same as this device` },
          ...LOCALES.map((one) => ({ value: one, label: LOCALE_NAMES[one], lang: one })),
        ]}
        value={settings.language ?? chosenHere ?? "device"}
        onChoose={(value) => {
          const language = value === "device" ? null : value;
          changeLook({ language, deviceLanguage: null });
          changeSettings({ language });
        }}
      />
      <RadioGroup
        label={t`Theme`}
        choices={[
          { value: "system", label: t`Auto` },
          { value: "light", label: t`Light` },
          { value: "dark", label: t`Dark` },
        ]}
        hint={t`Auto follows this device.`}
        value={settings.theme}
        onChoose={(theme) => changeSettings({ theme })}
      />
      <RadioGroup
        label={t`Times`}
        choices={[
          { value: "auto", label: t`Auto` },
          { value: "h23", label: evening("h23") },
          { value: "h12", label: evening("h12") },
        ]}
        value={settings.hour_cycle}
        onChoose={(hour_cycle) => changeSettings({ hour_cycle })}
      />
      <Select
        label={t`The week begins on`}
        options={[
          { value: "auto", label: t`Auto (${autoDay})` },
          { value: "monday", label: weekdayName("MO", locale) },
          { value: "sunday", label: weekdayName("SU", locale) },
          { value: "saturday", label: weekdayName("SA", locale) },
        ]}
        value={settings.first_weekday}
        onChoose={(first_weekday) => changeSettings({ first_weekday })}
      />
    </Card>
  );
}
