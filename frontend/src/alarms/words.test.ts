// Schedules, next rings and reasons as people read them, in the three languages.
import { setupI18n, type I18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import { messages as en } from "../i18n/words-daily-en";
import { messages as es } from "../i18n/words-daily-es";
import { messages as ptBR } from "../i18n/words-daily-pt-BR";
import { reasonInWords } from "../today/reasons";
import { CATEGORIES, categoryInWords } from "./categories";
import { nextInWords } from "./nextWords";
import { scheduleInWords } from "./scheduleWords";

const all = { en, es, "pt-BR": ptBR };
const speaking = (locale: keyof typeof all): I18n => setupI18n({ locale, messages: all });
const schedule = (rrule: string | null, more = {}) => ({
  start: "2026-12-01T07:00:00", // a Tuesday
  rrule,
  exdates: [] as string[],
  rdates: [] as string[],
  ...more,
});

describe("a schedule in words", () => {
  it.each([
    [null, "once, on Tue, Dec 1", "una vez, mar, 1 dic", "uma vez, ter., 1 de dez."],
    ["FREQ=DAILY", "every day", "cada día", "todo dia"],
    ["FREQ=DAILY;INTERVAL=3", "every 3 days", "cada 3 días", "a cada 3 dias"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday", "de lunes a viernes", "de segunda a sexta"],
    ["FREQ=WEEKLY;BYDAY=SA,SU", "every weekend", "los fines de semana", "todo fim de semana"],
    ["FREQ=WEEKLY", "every Tuesday", "cada martes", "toda semana: terça-feira"],
    [
      "FREQ=WEEKLY;BYDAY=MO,TH",
      "every Monday and Thursday",
      "cada lunes y jueves",
      "toda semana: segunda-feira e quinta-feira",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
      "every 2 weeks, on Wednesday",
      "cada 2 semanas: miércoles",
      "a cada 2 semanas: quarta-feira",
    ],
    ["FREQ=MONTHLY", "every month, on day 1", "cada mes, el día 1", "todo mês, no dia 1"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "every month, on the last day", "cada mes, el último día", "todo mês, no último dia"],
    [
      "FREQ=MONTHLY;BYDAY=2TU",
      "every month, on the second Tuesday",
      "cada mes, el segundo martes",
      "todo mês, na segunda terça-feira",
    ],
    [
      "FREQ=MONTHLY;BYDAY=-1SU",
      "every month, on the last Sunday",
      "cada mes, el último domingo",
      "todo mês, no último domingo",
    ],
    ["FREQ=YEARLY", "every year, on December 1", "cada año, el 1 de diciembre", "todo ano, em 1 de dezembro"],
    ["FREQ=DAILY;COUNT=1", "every day, 1 time", "cada día, 1 vez", "todo dia, 1 vez"],
    [
      "FREQ=DAILY;UNTIL=20261224T235959",
      "every day, until Thu, Dec 24",
      "cada día, hasta jue, 24 dic",
      "todo dia, até qui., 24 de dez.",
    ],
    ["FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "by a rule of its own", "con una regla propia", "com uma regra própria"],
    ["FREQ=HOURLY", "by a rule of its own", "con una regla propia", "com uma regra própria"],
  ])("%s", (rrule, english, spanish, portuguese) => {
    expect(scheduleInWords(speaking("en"), schedule(rrule))).toBe(english);
    expect(scheduleInWords(speaking("es"), schedule(rrule))).toBe(spanish);
    expect(scheduleInWords(speaking("pt-BR"), schedule(rrule))).toBe(portuguese);
  });

  it("counts the dates that are added and left out", () => {
    const dates = { exdates: ["2026-12-24T07:00:00"], rdates: ["2026-12-05T09:00:00", "2026-12-06T09:00:00"] };
    expect(scheduleInWords(speaking("en"), schedule("FREQ=DAILY", dates))).toBe(
      "every day, and 2 more dates, without 1 date",
    );
    expect(scheduleInWords(speaking("pt-BR"), schedule("FREQ=DAILY", dates))).toBe("todo dia, e mais 2 datas, sem 1 data");
  });

  it("writes the year of a date that lies in another one", () => {
    expect(scheduleInWords(speaking("en"), schedule(null), "2025-11-01T00:00:00")).toBe("once, on Tue, Dec 1, 2026");
  });
});

describe("the next ring in words", () => {
  const clock: Parameters<typeof nextInWords>[3] = {
    style: { locale: "en", hourCycle: "h23" },
    zone: "Europe/Madrid",
    zones: { "Europe/Madrid": [[Number.MAX_SAFE_INTEGER, 3600]] },
    local: (atMs) => new Date(atMs + 3_600_000).toISOString().slice(0, 19),
  };
  const fields = { schedule: schedule("FREQ=DAILY"), time_zone: null as string | null };
  const rings = (local: string) => ({ type: "rings", atMs: Date.parse(local), local }) as const;
  const words = (next: Parameters<typeof nextInWords>[1], i18n = speaking("en"), alarm = fields) =>
    nextInWords(i18n, next, alarm, clock, "2026-12-01");

  it("names the day, and the time only where it is another one than the alarm's", () => {
    expect(words(rings("2026-12-02T07:00:00+01:00"))).toBe("Next: Tomorrow");
    expect(words(rings("2026-12-03T08:00:00+01:00"))).toBe("Next: Thursday at 08:00");
    expect(words(rings("2026-12-02T07:00:00+01:00"), speaking("es"))).toBe("Próxima: mañana");
  });

  it("tells the person's own day and time of an alarm that keeps another zone", () => {
    const inTokyo = { ...fields, time_zone: "Asia/Tokyo" };
    expect(words(rings("2026-12-02T07:00:00+09:00"), speaking("en"), inTokyo)).toBe("Next: Today at 23:00 here");
    expect(words(rings("2026-12-02T07:00:00+09:00"), speaking("es"), inTokyo)).toBe("Próxima: hoy a las 23:00 aquí");
    expect(words(rings("2026-12-02T07:00:00+01:00"), speaking("en"), { ...fields, time_zone: "Europe/Paris" })).toBe(
      "Next: Tomorrow",
    );
  });

  it("tells when a snooze ends, also of an alarm whose only date is over", () => {
    const once = { schedule: schedule(null), time_zone: null };
    const next = { type: "snoozed", atMs: Date.parse("2026-12-01T22:16:00+01:00") } as const;
    expect(words(next, speaking("en"), once)).toBe("Snoozed until 22:16");
    expect(words(next, speaking("pt-BR"), once)).toBe("Adiado até 22:16");
    expect(words({ type: "ringing" }, speaking("en"), once)).toBe("Ringing now");
  });

  it("says why there is none", () => {
    expect(words({ type: "off" })).toBe("Switched off");
    expect(words({ type: "over" })).toBe("No more dates");
    expect(words({ type: "over" }, speaking("en"), { schedule: schedule(null), time_zone: null })).toBe("Its date is over");
    expect(words({ type: "beyond_horizon" })).toBe("Not within two years");
    expect(words({ type: "unknown_zone" }, speaking("es"))).toBe("La próxima vez se sabrá con la próxima conexión");
    expect(words(undefined)).toBe("");
  });
});

describe("the server's reasons", () => {
  it.each([
    ["You skipped this one.", "La saltaste tú."],
    ["The alarm is off.", "La alarma estaba desactivada."],
    ["The alarm was switched off before this one could ring.", "La alarma estaba desactivada."],
    ["The alarm was switched off.", "La alarma se desactivó mientras sonaba."],
    ["The alarm was deleted before this one could ring.", "La alarma se borró antes de que pudiera sonar."],
    ["The alarm was deleted.", "La alarma se borró mientras sonaba."],
    ["The alarm was changed before this one could ring.", "La alarma se cambió antes de que pudiera sonar."],
    ["The alarm was changed.", "La alarma se cambió mientras sonaba."],
    ["Nobody answered for 1 minutes.", "Sonó durante 1 minuto y nadie respondió."],
    ["Nobody answered for 10 minutes.", "Sonó durante 10 minutos y nadie respondió."],
    [
      "Smart Alarm could not run when it was due, and came back 45 min late.",
      "El servidor de Smart Alarm no estaba en marcha a esa hora.",
    ],
  ])("%s is told in Spanish", (reason, expected) => {
    expect(reasonInWords(speaking("es"), reason)).toBe(expected);
  });
  it("of an unknown kind is shown as it came", () => {
    expect(reasonInWords(speaking("es"), "A holiday.")).toBe("A holiday.");
    expect(reasonInWords(speaking("es"), null)).toBe("");
  });
});

describe("categories", () => {
  it("have a word in every language, and strangers keep their name", () => {
    for (const locale of ["es", "pt-BR"] as const) {
      const i18n = speaking(locale);
      for (const category of CATEGORIES)
        expect(categoryInWords(i18n, category)).not.toBe(categoryInWords(speaking("en"), category));
      expect(categoryInWords(i18n, "plants")).toBe("plants");
    }
  });
});
