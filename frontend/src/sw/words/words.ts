// The few texts of the service worker, which loads no catalogs. Complete by types: a language that lacks one does not compile.
import type { Locale } from "../../i18n/locale";
import { en } from "./en";
import { es } from "./es";
import { ptBR } from "./pt-BR";

export interface Words {
  /** Stands for the label when the person hides it on the lock screen. */
  readonly alarm: string;
  readonly ringingNow: (time: string) => string;
  readonly ringingAgain: (time: string) => string;
  readonly stillRinging: (time: string) => string;
  readonly ringingEarly: (time: string) => string;
  readonly ringingLate: (time: string) => string;
  readonly snoozeAction: (minutes: number) => string;
  readonly dismissAction: string;
  readonly stopped: string;
  readonly stoppedOn: (device: string) => string;
  readonly snoozedUntil: (time: string) => string;
  readonly snoozedUntilOn: (time: string, device: string) => string;
  readonly willNotRing: string;
  readonly missedTitle: (label: string) => string;
  readonly missed: (time: string) => string;
  readonly testTitle: string;
  readonly test: string;
  readonly readinessTitle: string;
  readonly readiness: (device: string) => string;
  readonly readinessAny: string;
  readonly unclear: string;
  /** Answered here, not yet at the server. */
  readonly dismissedHere: string;
  readonly snoozedHere: (time: string) => string;
  /** Answered here, and neither sent nor kept. */
  readonly answerLost: string;
  readonly noSnoozeLeft: string;
  readonly alreadyOver: string;
  readonly subscribeAgain: string;
}

const ALL: Readonly<Record<Locale, Words>> = { en, es, "pt-BR": ptBR };

export function wordsOf(locale: Locale): Words {
  return ALL[locale];
}
