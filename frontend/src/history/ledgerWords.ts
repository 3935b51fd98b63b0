// The ledger's events in plain words.
import type { I18n } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import type { components } from "../api/schema";

export type Entry = components["schemas"]["Entry"];

/** What happened, as a sentence. `device` is the name of the device that it is about, if any. */
export function eventInWords(i18n: I18n, { event, detail }: Entry, device: string | null): string {
  const name = device ?? i18n._(msg`a device`);
  switch (event) {
    case "scheduled":
      return i18n._(msg`Planned`);
    case "claimed":
      return i18n._(msg`Ready to ring`);
    case "due":
      return i18n._(msg`Time to ring`);
    case "early":
      return earlyInWords(i18n, detail ?? "");
    case "late":
      return i18n._(msg`Rang late`);
    case "sent":
      return detail === "socket" ? i18n._(msg`Sent to the open app on ${name}`) : i18n._(msg`Notification sent to ${name}`);
    case "accepted":
      return i18n._(msg`The push service took the notification for ${name}`);
    case "failed":
      return i18n._(msg`Could not be sent to ${name}`);
    case "shown":
      return i18n._(msg`Shown on ${name}`);
    case "heard":
      return i18n._(msg`Sounded on ${name}`);
    case "no_device":
      return i18n._(msg`There was no device to ring on`);
    case "no_backup_channel":
      return i18n._(msg`No other way to reach you is set up`);
    case "unanswered":
      return i18n._(msg`Nobody had answered yet, so it rang again`);
    case "snoozed":
      return device === null ? i18n._(msg`Snoozed`) : i18n._(msg`Snoozed on ${name}`);
    case "dismissed":
      return device === null ? i18n._(msg`Dismissed`) : i18n._(msg`Dismissed on ${name}`);
    case "skipped":
      return i18n._(msg`Left out`);
    case "missed":
      return i18n._(msg`Counted as missed`);
    case "stop_sent":
      return i18n._(msg`Told ${name} to stop`);
    case "subscription_lost":
      return i18n._(msg`${name} takes no more notifications. Open Smart Alarm there.`);
    case "parked":
      return i18n._(msg`Given up after several tries`);
    case "cancelled":
      return i18n._(msg`Called off`);
    case "note":
      return i18n._(msg`Note`);
  }
}

/** A smart wake: "Light sleep (82 % sure of light sleep or awake), 17 min early." */
function earlyInWords(i18n: I18n, detail: string): string {
  const minutes = Number(/ (\d+) min early\.$/.exec(detail)?.[1] ?? 1);
  return detail.startsWith("Awake")
    ? i18n._(msg`Rang ${plural(minutes, { one: "# minute", other: "# minutes" })} early: you were awake`)
    : i18n._(msg`Rang ${plural(minutes, { one: "# minute", other: "# minutes" })} early, in light sleep`);
}

/** Events that a person wants to see at once; the others are details. */
export function isMain({ event }: Entry): boolean {
  return !["scheduled", "claimed", "accepted", "stop_sent", "note"].includes(event);
}
