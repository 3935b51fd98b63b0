// Something is under way: a line that shows only after 300 ms, since what is quick needs no sign.
import { Trans } from "@lingui/react/macro";
import styles from "./Progress.module.css";

export function Progress() {
  return (
    <div className={styles["progress"]} role="status">
      <span className={styles["line"]} aria-hidden="true" />
      <span className="visually-hidden">
        <Trans>One moment…</Trans>
      </span>
    </div>
  );
}
