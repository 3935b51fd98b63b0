// What rings, over everything: the time, what it is for, and two ways to answer. The browser keeps the focus in it.
import { useLingui } from "@lingui/react/macro";
import { useEffect, useId, useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { MissedRing } from "./MissedRing";
import { RingFace } from "./RingFace";
import styles from "./RingingPanel.module.css";
import type { Ring } from "./ringState";
import { useRinger } from "./useRinger";

/** Whoever is typing when it begins to ring does not answer it with the next letter. */
const NO_KEYS_MS = 1_000;

export default function RingingPanel() {
  const rings = useRinger((ringer) => ringer.rings);
  // What rings comes before what is only to be read.
  const front = rings.find((ring) => ring.phase === "ringing") ?? rings[0];
  if (!front) return null;
  return <Panel key={`${front.id} ${front.ring}`} front={front} others={rings.filter((ring) => ring !== front)} />;
}

function Panel({ front, others }: { readonly front: Ring; readonly others: readonly Ring[] }) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  const openedAt = useRef(0);
  const id = useId();
  const isRinging = front.phase === "ringing";
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    openedAt.current = performance.now();
    const open = () => {
      if (!element.open && element.isConnected) element.showModal();
      element.querySelector<HTMLElement>("[data-first]")?.focus();
    };
    open();
    element.addEventListener("close", open); // the system's "back" closes dialogs: an alarm is answered, not closed
    return () => {
      element.removeEventListener("close", open);
      element.close(); // still in the page: so the browser gives the focus back to where it was
    };
  }, []);
  useEffect(() => {
    const before = document.title;
    document.title = `${front.content.label || t`Alarm`} · Smart Alarm`;
    return () => {
      document.title = before;
    };
  }, [front.content.label, t]);

  function onKeyDown(event: KeyboardEvent): void {
    const isTooSoon = performance.now() - openedAt.current < NO_KEYS_MS;
    if (event.key === "Escape" || isTooSoon) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-about`}
      className={styles["panel"]}
      data-phase={front.phase}
      onKeyDownCapture={onKeyDown}
      onCancel={(event) => event.preventDefault()}
    >
      {isRinging ? <RingFace ring={front} others={others} id={id} /> : <MissedRing ring={front} id={id} />}
    </dialog>
  );
}
