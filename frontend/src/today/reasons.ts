// Why a ring was left out or missed: the server's English sentences in the person's language. Pure.
import type { I18n } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";

/** An unknown sentence is shown as it came: better in English than not at all. */
export function reasonInWords(i18n: I18n, reason: string | null): string {
  if (reason === null) return "";
  if (reason === "You skipped this one.") return i18n._(msg`You skipped this one.`);
  if (reason === "The alarm is off." || reason === "The alarm was switched off before this one could ring.")
    return i18n._(msg`The alarm was switched off.`);
  if (reason === "The alarm was switched off.") return i18n._(msg`The alarm was switched off while it rang.`);
  if (reason === "The alarm was deleted before this one could ring.")
    return i18n._(msg`The alarm was deleted before it could ring.`);
  if (reason === "The alarm was deleted.") return i18n._(msg`The alarm was deleted while it rang.`);
  if (reason === "The alarm was changed before this one could ring.")
    return i18n._(msg`The alarm was changed before it could ring.`);
  if (reason === "The alarm was changed.") return i18n._(msg`The alarm was changed while it rang.`);
  if (reason.startsWith("The time zone changed")) return i18n._(msg`The time zone changed before it could ring.`);
  const minutes = Number(/^Nobody answered for (\d+) minutes\.$/.exec(reason)?.[1] ?? NaN);
  if (!Number.isNaN(minutes))
    return i18n._(msg`It rang for ${plural(minutes, { one: "# minute", other: "# minutes" })} and nobody answered.`);
  if (reason.startsWith("Smart Alarm could not run"))
    return i18n._(msg`The Smart Alarm server was not running at that time.`);
  if (reason.startsWith("This ring failed")) return i18n._(msg`Smart Alarm tried several times and could not ring.`);
  return reason;
}
