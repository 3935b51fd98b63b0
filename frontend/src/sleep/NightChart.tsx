// The hypnogram of one night, to be read by a slider, and its table.
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { formatTime } from "../ui/clock";
import { useClockStyle } from "../ui/preferences";
import { ChartFigure } from "./charts/ChartFigure";
import { Hypnogram, NightReader, useCursor } from "./charts/Hypnogram";
import { minutesText, percentText } from "./figures";
import { wallAt } from "./nightClock";
import { meanConfidence, runsOf } from "./runs";
import { stageInWords } from "./stageWords";
import type { Epoch, SleepSession } from "./types";

export function NightChart({ night, epochs }: { readonly night: SleepSession; readonly epochs: readonly Epoch[] }) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const [cursor, move] = useCursor();
  const picture = useMemo(
    () => ({ epochs, startMs: Date.parse(night.start), epochSeconds: night.epoch_seconds, zone: night.time_zone }),
    [epochs, night],
  );
  const isSure = meanConfidence(epochs) !== null;
  const at = (epoch: number) =>
    formatTime(wallAt(picture.startMs + epoch * picture.epochSeconds * 1000, picture.zone), clock);
  const rows = runsOf(epochs).map((run) => {
    const length = minutesText(Math.max(1, ((run.after - run.first) * picture.epochSeconds) / 60));
    const sure = run.confidence === null ? "–" : percentText(run.confidence, clock.locale);
    const cells = [`${at(run.first)} – ${at(run.after)}`, stageInWords(i18n, run.stage), length];
    return { key: String(run.first), cells: isSure ? [...cells, sure] : cells };
  });
  const headers = [t`When`, t`Stage`, t`How long`];
  return (
    <ChartFigure
      title={t`Stages of sleep`}
      table={{
        caption: t`Stages of sleep, one row for each stretch`,
        headers: isSure ? [...headers, t`How sure`] : headers,
        rows,
      }}
      below={<NightReader night={picture} cursor={cursor} onMove={move} />}
    >
      <Hypnogram night={picture} cursor={cursor} />
    </ChartFigure>
  );
}
