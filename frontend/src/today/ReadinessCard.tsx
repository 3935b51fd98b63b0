// Tonight: whether this device will ring, and the one thing to do if not. Its code comes after the screen stands.
import { Trans } from "@lingui/react/macro";
import { lazy, Suspense, type ComponentType } from "react";
import { LinkButton } from "../ui/Button";
import { loadWords } from "../i18n/words";
import type { Readiness } from "../push/readiness";
import styles from "./ReadinessCard.module.css";

const Verdict = lazy(verdictOf);

export function ReadinessCard() {
  return (
    <Suspense fallback={<div className={styles["place"]} />}>
      <Verdict />
    </Suspense>
  );
}

async function verdictOf(): Promise<{ default: ComponentType }> {
  try {
    const [{ useReadiness }] = await Promise.all([import("../push/readiness"), loadWords("more")]);
    return {
      default: function Verdict() {
        const readiness = useReadiness();
        return readiness ? <Card readiness={readiness} /> : <div className={styles["place"]} />;
      },
    };
  } catch {
    return { default: () => null }; // offline, before the service worker has it: no verdict is better than no screen
  }
}

function Card({ readiness: { verdict, shownHere, todo } }: { readonly readiness: Readiness }) {
  const look = verdict === "will_show" ? "will_notify" : verdict; // it comes, though not as one would want it
  return (
    <section aria-labelledby="tonight" className={styles["card"]} data-verdict={look}>
      <h2 id="tonight" className={styles["title"]}>
        <Trans>On this device</Trans>
      </h2>
      <p className={styles["verdict"]}>
        {verdict === "will_sound" ? <Trans>Alarms will sound while this page stays open.</Trans> : null}
        {verdict === "will_notify" ? <Trans>Alarms will arrive as a notification.</Trans> : null}
        {verdict === "will_show" ? shownHere : null}
        {verdict === "will_not" ? <Trans>Alarms will not reach this device.</Trans> : null}
      </p>
      {todo ? <p className={styles["todo"]}>{todo}</p> : null}
      {todo === null ? null : (
        <LinkButton look="quiet" href="/devices" className={styles["link"]}>
          <Trans>See how to get ready</Trans>
        </LinkButton>
      )}
    </section>
  );
}
