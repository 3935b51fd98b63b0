// "Ring in 20 minutes", with one press.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState, type SubmitEvent } from "react";
import { useClock } from "../alarms/useClock";
import { replica } from "../replica/replica";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { undoToast } from "../alarms/undoToast";
import { createNap } from "./actions";
import { NAP_CHOICES, NAP_MINUTES, napAlarm, oldNaps } from "./nap";
import styles from "./Nap.module.css";

export function Nap() {
  const { t } = useLingui();
  const clock = useClock();
  const [isAsking, setIsAsking] = useState(false);
  const { zone } = clock;
  const table = zone === null ? undefined : clock.zones[zone];
  if (zone === null || table === undefined) return null; // no wall time without the zone's table

  const start = async (minutes: number) => {
    const now = replica.now();
    const fields = napAlarm({ label: t`Nap`, minutes, now, zone }, table);
    const time = clock.time(fields.schedule.start);
    const undo = await createNap(fields, oldNaps(replica.all("alarm") ?? [], now, table));
    undoToast(t`It will ring at ${time}.`, { label: t`Undo`, run: undo });
  };

  return (
    <section aria-labelledby="nap" className={styles["nap"]}>
      <h2 id="nap" className={styles["title"]}>
        <Trans>Ring in</Trans>
      </h2>
      <div className={styles["choices"]}>
        {NAP_CHOICES.map((minutes) => (
          <Button
            key={minutes}
            onClick={() => void start(minutes)}
            aria-label={t`Ring in ${plural(minutes, { one: "# minute", other: "# minutes" })}`}
          >
            <Trans>{minutes} min</Trans>
          </Button>
        ))}
        <Button onClick={() => setIsAsking(true)}>
          <Trans>Other</Trans>
        </Button>
      </div>
      {isAsking ? (
        <OtherNap
          onClose={() => setIsAsking(false)}
          onChosen={(minutes) => {
            setIsAsking(false);
            void start(minutes);
          }}
        />
      ) : null}
    </section>
  );
}

function OtherNap({ onClose, onChosen }: { readonly onClose: () => void; readonly onChosen: (minutes: number) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("90");
  const [isWrong, setIsWrong] = useState(false);
  const { min, max } = NAP_MINUTES;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const minutes = Number(text);
    if (Number.isInteger(minutes) && minutes >= min && minutes <= max) onChosen(minutes);
    else setIsWrong(true);
  };
  return (
    <Dialog title={t`Ring in how many minutes?`} onClose={onClose}>
      <form className={styles["form"]} onSubmit={submit} noValidate>
        <Field label={t`Minutes`} error={isWrong ? t`Choose a whole number from ${min} to ${max}.` : null}>
          {(props) => (
            <input
              {...props}
              type="number"
              inputMode="numeric"
              min={min}
              max={max}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className={styles["buttons"]}>
          <Button look="primary" type="submit">
            <Trans>Start</Trans>
          </Button>
          <Button look="quiet" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
