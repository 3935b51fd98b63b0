// Things to try, in the person's language: made of the kind and its figures. They blame nobody and know no illness. Pure.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { formatTime, type ClockStyle } from "../ui/clock";
import { minutesText, percentText } from "./figures";
import type { Recommendation } from "./types";

export interface Advice {
  readonly title: string;
  /** What was seen, with its figures. */
  readonly seen: string;
  readonly idea: string;
}

/** Null for a kind this version does not know: then the server's English text is shown. */
export function adviceOf(i18n: I18n, { kind, figures }: Recommendation, clock: ClockStyle): Advice | null {
  const number = (name: string) => Number(figures[name] ?? 0);
  const length = (name: string) => minutesText(number(name));
  const time = (name: string) => formatTime(String(figures[name] ?? "00:00"), clock);
  const nights = number("nights");
  switch (kind) {
    case "talk_to_doctor": {
      const slept = length("minutes");
      return {
        title: i18n._(msg`Short nights for a while`),
        seen: i18n._(msg`You slept ${slept} a night on average, over ${nights} nights.`),
        idea: i18n._(msg`If you often feel tired or would like to sleep more, a doctor can help you find out why.`),
      };
    }
    case "better_placement": {
      const withGaps = number("nights_with_gaps");
      return {
        title: i18n._(msg`Record more of the night`),
        seen: i18n._(msg`${withGaps} of ${nights} nights have long gaps.`),
        idea: i18n._(msg`A charged phone on the mattress beside your pillow, or a snug watch, records more.`),
      };
    }
    case "earlier_bedtime": {
      const [short, earlier, bed] = [length("minutes_per_night"), length("minutes_earlier"), time("new_bed_time")];
      return {
        title: i18n._(msg`Go to bed at ${bed}`),
        seen: i18n._(msg`Your nights were ${short} short of your goal on average, over ${nights} nights.`),
        idea: i18n._(msg`That is ${earlier} earlier than usual. A small step is enough.`),
      };
    }
    case "social_jetlag": {
      const apart = length("minutes");
      return {
        title: i18n._(msg`Bring free days a little closer`),
        seen: i18n._(msg`With an alarm and without one, your sleep lies ${apart} apart, over ${nights} nights.`),
        idea: i18n._(msg`Getting up at most an hour later on free days can make the first morning with an alarm easier.`),
      };
    }
    case "steady_wake_time": {
      const [wake, spread] = [time("wake_time"), length("spread_minutes")];
      return {
        title: i18n._(msg`Get up near ${wake} on most days`),
        seen: i18n._(msg`The time you wake up moves by about ${spread}, over ${nights} nights.`),
        idea: i18n._(msg`A steady time can make falling asleep and waking up easier.`),
      };
    }
    case "long_latency": {
      const took = length("minutes");
      return {
        title: i18n._(msg`Half an hour of calm before bed`),
        seen: i18n._(msg`Falling asleep took ${took} on average, over ${nights} nights.`),
        idea: i18n._(msg`Dim light and something calm help many people; so does going to bed only when sleepy.`),
      };
    }
    case "smart_wake": {
      const share = percentText(number("share"), clock.locale);
      return {
        title: i18n._(msg`Wake up at a lighter moment`),
        seen: i18n._(msg`Your alarm met you in deep sleep on ${share} of ${nights} mornings.`),
        idea: i18n._(
          msg`With smart wake it may ring a little earlier, when your sleep is lighter. You set it in the alarm.`,
        ),
      };
    }
    default:
      return null;
  }
}

/** "It was 52 min, now it is 31 min": how the figure has changed since one began to try. Null before there is anything to say. */
export function progressInWords(i18n: I18n, { kind, progress }: Recommendation, locale: string): string | null {
  if (progress?.now == null) return null;
  const text = (value: number) => {
    if (kind === "smart_wake") return percentText(value, locale);
    if (kind === "better_placement") return new Intl.NumberFormat(locale).format(value);
    return minutesText(value);
  };
  const [before, now] = [text(progress.before), text(progress.now)];
  return i18n._(msg`When you began: ${before}. Now: ${now}.`);
}
