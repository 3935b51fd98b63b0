// Everything an alarm can have beyond time, name and days, folded away until it is wanted.
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ExpandIcon, SleepIcon, type Icon } from "../ui/icons";
import { BellIcon, CalendarIcon, InfoIcon, SoundIcon } from "../ui/moreIcons";
import { AboutPart } from "./AboutPart";
import { DatesPart } from "./DatesPart";
import styles from "./MorePart.module.css";
import { SmartWakePart } from "./SmartWakePart";
import { SoundPart } from "./SoundPart";
import { StopPart } from "./StopPart";
import type { Editing } from "./useDraft";

export function MorePart({ editing }: { readonly editing: Editing }) {
  const { t } = useLingui();
  return (
    <section className={styles["more"]} aria-label={t`More`}>
      <h2 className={styles["title"]}>{t`More`}</h2>
      <Folded icon={CalendarIcon} title={t`Dates and time zone`}>
        <DatesPart editing={editing} />
      </Folded>
      <Folded icon={SleepIcon} title={t`Smart wake`}>
        <SmartWakePart editing={editing} />
      </Folded>
      <Folded icon={SoundIcon} title={t`Sound`}>
        <SoundPart editing={editing} />
      </Folded>
      <Folded icon={BellIcon} title={t`Snooze and dismiss`}>
        <StopPart editing={editing} />
      </Folded>
      <Folded icon={InfoIcon} title={t`Category and notes`}>
        <AboutPart editing={editing} />
      </Folded>
    </section>
  );
}

interface FoldedProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children: ReactNode;
}

function Folded({ icon: Picture, title, children }: FoldedProps) {
  return (
    <details className={styles["folded"]}>
      <summary className={styles["summary"]}>
        <Picture className={styles["icon"]} />
        <h3>{title}</h3>
        <ExpandIcon className={styles["arrow"]} />
      </summary>
      <div className={styles["inside"]}>{children}</div>
    </details>
  );
}
