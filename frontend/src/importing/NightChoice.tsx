// One night of the file: when, from where, its stages, and whether it comes along.
import { Trans, useLingui } from "@lingui/react/macro";
import { minutesText } from "../sleep/figures";
import { stageInWords } from "../sleep/stageWords";
import { useClockStyle } from "../ui/preferences";
import styles from "./Importing.module.css";
import { nightInWords } from "./nightWords";
import { reasonInWords } from "./problemWords";
import type { Night, StagedNight } from "./sleepRecords";
import { canBeChosen, type Mark } from "./stored";

interface Props {
  readonly night: Night;
  readonly mark: Mark;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

export function NightChoice({ night, mark, isChosen, onChoose }: Props) {
  const { i18n } = useLingui();
  const { day, times } = nightInWords(night, useClockStyle());
  const reason = reasonInWords(i18n, night.obstacle, mark);
  const length = minutesText((night.endMs - night.startMs) / 60_000);
  return (
    <li>
      <label className={styles["night"]}>
        <input
          type="checkbox"
          className={styles["check"]}
          checked={isChosen}
          disabled={!canBeChosen(night, mark)}
          onChange={(event) => onChoose(event.target.checked)}
        />
        <span className={styles["words"]}>
          <span className={styles["day"]}>{day}</span>
          <span className={styles["times"]}>
            {times} · {length}
          </span>
          {reason === null ? <Contents night={night} mark={mark} /> : <span className={styles["reason"]}>{reason}</span>}
        </span>
      </label>
    </li>
  );
}

function Contents({ night, mark }: { readonly night: Night; readonly mark: Mark }) {
  const others = night.others.join(", ");
  return (
    <>
      {night.kind === "stages" ? (
        <Totals night={night} />
      ) : (
        <span className={styles["soft"]}>
          {night.heartRate ? <Trans>Movement and heart rate</Trans> : <Trans>Movement</Trans>}
        </span>
      )}
      {night.kind === "stages" && night.source !== "CSV" ? <span className={styles["soft"]}>{night.source}</span> : null}
      {others ? (
        <span className={styles["soft"]}>
          <Trans>Left out: {others}. It tells of the same night, and would count twice.</Trans>
        </span>
      ) : null}
      {mark === "unfinished" ? (
        <span className={styles["soft"]}>
          <Trans>A part of it is here. The rest is added.</Trans>
        </span>
      ) : null}
    </>
  );
}

const STAGES = ["light", "deep", "rem", "wake"] as const;

function Totals({ night }: { readonly night: StagedNight }) {
  const { i18n } = useLingui();
  const unstaged = night.minutes.asleep + night.minutes.untold;
  const untold = minutesText(unstaged);
  return (
    <>
      <span className={styles["totals"]}>
        {STAGES.map((stage) => (
          <span key={stage} className={styles["total"]}>
            <span className={styles["dot"]} data-stage={stage} aria-hidden="true" />
            {stageInWords(i18n, stage)} {minutesText(night.minutes[stage])}
          </span>
        ))}
      </span>
      {unstaged > 0 ? (
        <span className={styles["soft"]}>
          <Trans>{untold} without a stage; it is left open.</Trans>
        </span>
      ) : null}
    </>
  );
}
