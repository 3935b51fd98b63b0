// What it sounds like, how it grows, and how it feels; to be tried out.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { testRing } from "../ringing/ringer";
import { previewSound } from "../sound/preview";
import { soundName } from "../sound/soundNames";
import { SOUNDS, toSound } from "../sound/sounds";
import { Button } from "../ui/Button";
import { BellIcon, PlayIcon, StopIcon } from "../ui/moreIcons";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import styles from "./SoundPart.module.css";
import type { Editing } from "./useDraft";

const RAMPS = [0, 15, 30, 60, 120, 300, 600];

export function SoundPart({ editing }: { readonly editing: Editing }) {
  const { t, i18n } = useLingui();
  const { draft, set, fields } = editing;
  const rampNow = Number(draft.rampSeconds);
  const ramps = [...new Set([...RAMPS, rampNow])].sort((one, other) => one - other);
  const isWrong = Object.keys(editing.problems).length > 0;
  return (
    <>
      <div className={styles["sound"]}>
        <Select
          label={t`Sound`}
          options={SOUNDS.map((slug) => ({ value: slug, label: i18n._(soundName(slug)) }))}
          value={toSound(draft.sound)}
          onChoose={(sound) => set({ sound })}
        />
        <PreviewButton key={draft.sound} slug={draft.sound} />
      </div>
      <Select
        label={t`Grows louder`}
        options={ramps.map((seconds) => ({
          value: String(seconds),
          label:
            seconds === 0
              ? t`No, loud at once`
              : seconds % 60 === 0
                ? t`Over ${plural(seconds / 60, { one: "# minute", other: "# minutes" })}`
                : t`Over ${plural(seconds, { one: "# second", other: "# seconds" })}`,
        }))}
        value={draft.rampSeconds}
        onChoose={(rampSeconds) => set({ rampSeconds })}
      />
      <Switch
        label={t`Vibrate`}
        hint={t`On phones that can.`}
        checked={draft.vibrate}
        onChange={(event) => set({ vibrate: event.target.checked })}
      />
      <Button
        className={styles["test"]}
        disabled={isWrong}
        onClick={() => testRing({ ...fields, label: fields.label || t`Alarm` })}
      >
        <BellIcon />
        <Trans>Test this alarm now</Trans>
      </Button>
    </>
  );
}

function PreviewButton({ slug }: { readonly slug: string }) {
  const { t } = useLingui();
  const [stop, setStop] = useState<(() => void) | null>(null);
  useEffect(() => () => stop?.(), [stop]);
  return (
    <Button
      aria-label={stop ? t`Stop the sound` : t`Hear the sound`}
      onClick={() => {
        if (stop) stop();
        else {
          const stopIt = previewSound(slug, () => setStop(null));
          setStop(() => stopIt);
        }
      }}
    >
      {stop ? <StopIcon /> : <PlayIcon />}
    </Button>
  );
}
