// One's own data: the goal, whether nights are kept, what that means, and the way to take them along or erase them.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { changeSettings } from "../settings/change";
import { Button, LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { DownloadIcon, TrashIcon } from "../ui/moreIcons";
import { usePreferences } from "../ui/preferences";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { toast } from "../ui/toasts";
import { exportNights } from "./asks";
import { EraseNights } from "./EraseNights";
import { daysKept, minutesText } from "./figures";
import { HowGood } from "./HowGood";
import { saveJson } from "./saveFile";
import styles from "./Sleep.module.css";
import type { SleepSession } from "./types";

/** As the server takes it, in quarters of an hour. */
const GOALS = Array.from({ length: (720 - 240) / 15 + 1 }, (_, index) => 240 + index * 15);

export function SleepData({ nights }: { readonly nights: readonly SleepSession[] }) {
  const { t } = useLingui();
  const { sleep_consent, sleep_goal_minutes } = usePreferences();
  const goals = GOALS.includes(sleep_goal_minutes) ? GOALS : [sleep_goal_minutes, ...GOALS];
  return (
    <>
      <Card title={<Trans>Your goal and your data</Trans>}>
        <Select
          label={t`How long you would like to sleep`}
          hint={t`Sleep debt is counted from this. Most adults need 7 to 9 hours; what suits you is yours to say.`}
          options={goals.map((minutes) => ({ value: String(minutes), label: minutesText(minutes) }))}
          value={String(sleep_goal_minutes)}
          onChoose={(minutes) => changeSettings({ sleep_goal_minutes: Number(minutes) })}
        />
        <Switch
          label={t`Keep my nights`}
          hint={t`When this is off, nothing new is kept. What is there stays until you erase it or its time is up.`}
          checked={sleep_consent}
          onChange={(event) => changeSettings({ sleep_consent: event.target.checked })}
        />
        <WhatIsKept days={daysKept(nights)} />
        <Actions hasNights={nights.length > 0} />
      </Card>
      <HowGood />
    </>
  );
}

function WhatIsKept({ days }: { readonly days: number | null }) {
  return (
    <details className={styles["details"]}>
      <summary>
        <Trans>What is kept, where and for how long</Trans>
      </summary>
      <ul className={styles["facts"]}>
        <li>
          <Trans>
            For each half minute: one number for movement, the heart rate if there is one, and the stage of sleep.
          </Trans>
        </li>
        <li>
          <Trans>When the night began and ended, in which time zone, and which of your devices recorded it.</Trans>
        </li>
        <li>
          <Trans>
            It lies on this server with your account, and nobody else gets it. No sound is recorded, nor where you are.
          </Trans>
        </li>
        <li>
          {days === null ? (
            <Trans>Each night is erased by itself after 90 days, unless whoever runs this server chose another time.</Trans>
          ) : (
            plural(days, {
              one: "On this server each night is erased by itself after # day.",
              other: "On this server each night is erased by itself after # days.",
            })
          )}
        </li>
      </ul>
    </details>
  );
}

function Actions({ hasNights }: { readonly hasNights: boolean }) {
  const { t } = useLingui();
  const [isBusy, setBusy] = useState(false);
  const [isErasing, setErasing] = useState(false);

  async function download(): Promise<void> {
    setBusy(true);
    try {
      const nights = await exportNights();
      saveJson(`smart-alarm-sleep-${nights.exported_at.slice(0, 10)}.json`, nights);
      toast(t`Your nights are in the downloads of this device.`);
    } catch {
      toast(t`That did not work. Please try again when you are online.`);
    }
    setBusy(false);
  }

  return (
    <div className={styles["actions"]}>
      {hasNights ? (
        <>
          <LinkButton href="/sleep/import">
            <Trans>Import nights</Trans>
          </LinkButton>
          <Button aria-disabled={isBusy} onClick={() => void (isBusy ? null : download())}>
            <DownloadIcon />
            <Trans>Download my nights</Trans>
          </Button>
          <Button look="danger" onClick={() => setErasing(true)}>
            <TrashIcon />
            <Trans>Erase all nights</Trans>
          </Button>
        </>
      ) : null}
      {isErasing ? <EraseNights onClose={() => setErasing(false)} /> : null}
    </div>
  );
}
