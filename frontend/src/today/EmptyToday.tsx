// Today before the first alarm: one thing to do.
import { Trans } from "@lingui/react/macro";
import { LinkButton } from "../ui/Button";
import styles from "./EmptyToday.module.css";

export function EmptyToday() {
  return (
    <section className={styles["empty"]}>
      <svg className={styles["dawn"]} viewBox="0 0 120 70" aria-hidden="true" focusable="false">
        <path d="M24 62a36 36 0 0 1 72 0" />
        <path d="M4 62h112M60 12V4M27 27l-5-5M93 27l5-5M9 48l-6-3M111 48l6-3" />
      </svg>
      <h2>
        <Trans>Set your first alarm</Trans>
      </h2>
      <p className={styles["words"]}>
        <Trans>Choose a time and the days. Your other devices get it too.</Trans>
      </p>
      <LinkButton look="primary" isBig href="/alarms/new">
        <Trans>New alarm</Trans>
      </LinkButton>
    </section>
  );
}
