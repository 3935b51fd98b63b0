// The next rings of the alarm as it is in the editor now.
import { Trans, useLingui } from "@lingui/react/macro";
import { useClock } from "../alarms/useClock";
import type { ZoneTable } from "../replica/types";
import { useNow } from "../ui/now";
import styles from "./PreviewPart.module.css";
import type { Editing } from "./useDraft";
import { usePreview } from "./usePreview";

interface Props {
  readonly editing: Editing;
  readonly alarmId: string | null;
  readonly tables: Readonly<Record<string, ZoneTable>>;
}

export function PreviewPart({ editing, alarmId, tables }: Props) {
  const { t } = useLingui();
  const clock = useClock();
  const now = useNow(60_000);
  const preview = usePreview(editing, alarmId, tables, now);
  if (Object.keys(editing.problems).length > 0) return null;
  return (
    <section className={styles["preview"]} aria-labelledby="preview">
      <h2 id="preview">{editing.draft.enabled ? t`It will ring` : t`It is off. Switched on, it would ring`}</h2>
      {preview === null ? null : preview.type === "unknown_zone" ? (
        <p>
          <Trans>The next rings in this time zone show after the next connection.</Trans>
        </p>
      ) : preview.rings.length === 0 ? (
        <p>
          <Trans>It would never ring: no date fits.</Trans>
        </p>
      ) : (
        <ol className={styles["list"]}>
          {preview.rings.map((ring) => (
            <li key={ring.id} className={styles["ring"]}>
              <span className={styles["day"]}>{clock.day(ring.local, now)}</span>
              <span className={styles["time"]}>{clock.time(ring.local)}</span>
              {ring.isSkipped ? <span className={styles["note"]}>{t`skipped`}</span> : null}
              {ring.movedFrom === null ? null : <MovedNote from={clock.time(ring.movedFrom)} to={clock.time(ring.local)} />}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function MovedNote({ from, to }: { readonly from: string; readonly to: string }) {
  return (
    <span className={styles["note"]}>
      <Trans>
        The clocks go forward that day and leave out {from}, so it rings at {to}.
      </Trans>
    </span>
  );
}
