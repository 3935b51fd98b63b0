// A word or two about the state of a thing. Colour never says it alone.
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import { PendingIcon } from "./icons";

type Tone = "neutral" | "primary" | "good" | "warn" | "bad";

export function Badge({ tone = "neutral", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`${styles["badge"] ?? ""} ${styles[tone] ?? ""}`}>{children}</span>;
}

/** This device has an edit of the thing that is not sent yet. */
export function PendingBadge() {
  return (
    <Badge>
      <PendingIcon />
      <Trans>Not sent yet</Trans>
    </Badge>
  );
}
