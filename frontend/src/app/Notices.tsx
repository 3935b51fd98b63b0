// Edits that were not kept, said plainly: what, why, and a way to put one's own back.
import { Trans, useLingui } from "@lingui/react/macro";
import { useAll } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { Notice } from "../replica/types";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import styles from "./Notices.module.css";

export default function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const { t } = useLingui();
  return (
    <section className={styles["notices"]} aria-label={t`About your changes`}>
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function OneNotice({ notice }: { readonly notice: Notice }) {
  const name = useName(notice);
  const parts = useParts(notice);
  const isLost = notice.type === "superseded";
  return (
    <Card tone="warn" className={styles["notice"]}>
      <div role="status">
        <p className={styles["what"]}>{parts ? `${name}: ${parts}` : name}</p>
        <p>
          {isLost ? (
            <Trans>Another device changed this later, so its version is shown now.</Trans>
          ) : (
            <Trans>The server could not take this change, so it was put back as it was.</Trans>
          )}
        </p>
      </div>
      <div className={styles["answers"]}>
        {isLost ? (
          <Button onClick={() => void replica.settleNotice(notice.id, true)}>
            <Trans>Put mine back</Trans>
          </Button>
        ) : null}
        <Button look={isLost ? "quiet" : "secondary"} onClick={() => void replica.settleNotice(notice.id, false)}>
          <Trans>OK</Trans>
        </Button>
      </div>
    </Card>
  );
}

/** What a person calls the thing. */
function useName(notice: Notice): string {
  const { t } = useLingui();
  const alarms = useAll("alarm");
  switch (notice.kind) {
    case "alarm": {
      const label = notice.fields["label"] ?? alarms?.find((alarm) => alarm.id === notice.entityId)?.fields.label;
      return typeof label === "string" ? label : t`An alarm`;
    }
    case "settings":
    case "profile":
      return t`Settings`;
    case "device":
      return t`A device`;
    case "skip":
      return t`A skipped ring`;
    case "answer":
      return t`An answer to a ring`;
  }
}

/** The changed parts in words; what has no word of its own is not named. */
function useParts(notice: Notice): string {
  const { t, i18n } = useLingui();
  const words: Partial<Record<string, string>> = {
    label: t`name`,
    enabled: t`on or off`,
    schedule: t`time and days`,
    time_zone: t`time zone`,
    ring: t`sound`,
    snooze: t`snooze`,
    smart_wake_minutes: t`smart wake`,
    instructions: t`notes`,
    category: t`category`,
    tags: t`tags`,
    priority: t`priority`,
    deleted: t`deleted or not`,
    name: t`name`,
    language: t`language`,
    theme: t`theme`,
    hour_cycle: t`12 or 24 hours`,
    first_weekday: t`first day of the week`,
  };
  const named = [...new Set(Object.keys(notice.fields).flatMap((field) => words[field] ?? []))];
  return new Intl.ListFormat(i18n.locale).format(named);
}
