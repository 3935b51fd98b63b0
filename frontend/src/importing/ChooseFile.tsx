// The first step: choose a file; how to get one, and which ones are read.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { DownloadIcon } from "../ui/moreIcons";
import { saveExample } from "./examples";
import { faultInWords } from "./faultWords";
import styles from "./Importing.module.css";
import type { FileUnreadable } from "./sleepRecords";

interface Props {
  readonly fault: FileUnreadable | null;
  /** Back from a later step: the button takes the focus that the step had. */
  readonly isAgain: boolean;
  readonly onChoose: (file: File) => void;
}

export function ChooseFile({ fault, isAgain, onChoose }: Props) {
  const { i18n } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const actions = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAgain) actions.current?.querySelector("button")?.focus();
  }, [isAgain]);
  return (
    <>
      <Card>
        <p>
          <Trans>
            Do you have nights from an Apple Watch or another app? Choose the file. It is read on this device, and you see
            what is in it before anything is sent.
          </Trans>
        </p>
        {fault ? (
          <p className={styles["fault"]} role="alert">
            {faultInWords(i18n, fault)}
          </p>
        ) : null}
        <div className={styles["actions"]} ref={actions}>
          <Button look="primary" isBig onClick={() => input.current?.click()}>
            <Trans>Choose a file</Trans>
          </Button>
          <input
            ref={input}
            hidden
            type="file"
            accept=".zip,.xml,.csv,.tsv,.txt,application/zip,text/xml,text/csv"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = ""; // the same file may be chosen again
              if (file) onChoose(file);
            }}
          />
        </div>
      </Card>
      <HowTo />
    </>
  );
}

function HowTo() {
  return (
    <Card title={<Trans>Which files are read</Trans>}>
      <details className={styles["details"]}>
        <summary>
          <Trans>Apple Health</Trans>
        </summary>
        <ol className={styles["steps"]}>
          <li>
            <Trans>On the iPhone open the Health app and press your picture.</Trans>
          </li>
          <li>
            <Trans>At the very end, press “Export All Health Data”. This takes a few minutes.</Trans>
          </li>
          <li>
            <Trans>Save it to Files, and choose export.zip here. Only sleep is read in it; all else is passed over.</Trans>
          </li>
        </ol>
      </details>
      <details className={styles["details"]}>
        <summary>
          <Trans>A table (CSV)</Trans>
        </summary>
        <CsvFormat />
      </details>
      <p className={styles["soft"]}>
        <Trans>
          Files of Fitbit and Health Connect are not read as they are. Where an app can write a table of stages, that works.
        </Trans>
      </p>
    </Card>
  );
}

/** The names of columns and the example values stand as they are in every language. */
function CsvFormat() {
  const [ofStages, ofCounts] = ["start, end, stage", "time, count, heart_rate"];
  const words = "wake, light, deep, rem";
  return (
    <div className={styles["format"]}>
      <p>
        <Trans>
          With stages: <code>{ofStages}</code>. One row for each stretch of a stage. The stages are <code>{words}</code>.
        </Trans>
      </p>
      <p>
        <Trans>
          With movement: <code>{ofCounts}</code>. One row for every 30 seconds; the heart rate may be empty. Smart Alarm then
          estimates the stages.
        </Trans>
      </p>
      <p className={styles["soft"]}>
        <Trans>
          The first line names the columns. Commas, semicolons and tabs all work. Times look like 2026-11-18T23:12:00+01:00;
          without the zone at their end, you are asked for it.
        </Trans>
      </p>
      <div className={styles["actions"]}>
        <Button onClick={() => saveExample("stages")}>
          <DownloadIcon />
          <Trans>Example with stages</Trans>
        </Button>
        <Button onClick={() => saveExample("counts")}>
          <DownloadIcon />
          <Trans>Example with movement</Trans>
        </Button>
      </div>
    </div>
  );
}
