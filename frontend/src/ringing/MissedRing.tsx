// The last word on a ring that nobody answered: what happened, without blame.
import { Plural, Trans } from "@lingui/react/macro";
import { Button, LinkButton } from "../ui/Button";
import { follow } from "../app/router";
import { BigTime } from "./BigTime";
import { closeRing } from "./ringer";
import styles from "./RingingPanel.module.css";
import type { Ring } from "./ringState";

export function MissedRing({ ring, id }: { readonly ring: Ring; readonly id: string }) {
  const minutes = ring.content.timeoutMinutes;
  return (
    <div className={styles["face"]}>
      <header className={styles["top"]}>
        <BigTime />
        <h1 id={`${id}-name`} className={styles["label"]}>
          {ring.content.label || <Trans>Alarm</Trans>}
        </h1>
        <div id={`${id}-about`} className={styles["about"]}>
          <p>
            <Plural value={minutes} one="It rang for # minute. Missed." other="It rang for # minutes. Missed." />
          </p>
        </div>
      </header>
      <div className={styles["answers"]}>
        <Button look="primary" className={styles["snooze"]} onClick={() => closeRing(ring)} data-first="">
          <Trans>OK</Trans>
        </Button>
        {ring.isTest ? null : (
          <LinkButton
            look="quiet"
            href={`/history/${encodeURIComponent(ring.id)}`}
            onClick={(event) => {
              follow(event);
              closeRing(ring);
            }}
          >
            <Trans>See what happened</Trans>
          </LinkButton>
        )}
      </div>
    </div>
  );
}
