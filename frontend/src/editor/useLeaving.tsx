// Unsaved edits are not lost without a word: a link asks first, the browser asks before it closes, and whoever left by the
// back button is offered to go back.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { navigate, routeToPath } from "../app/router";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toasts";
import type { Touched } from "./draft";
import { leaveBehind } from "./leftBehind";
import styles from "./useLeaving.module.css";

interface Leaving {
  /** Go there; asks when there is something unsaved. */
  readonly leave: (path: string) => void;
  /** Go there without a question: it is saved, or meant to be dropped. */
  readonly go: (path: string) => void;
  readonly dialog: ReactNode;
}

export function useLeaving(alarmId: string | null, touched: Touched): Leaving {
  const { t } = useLingui();
  const [target, setTarget] = useState<string | null>(null);
  const isDirty = Object.keys(touched).length > 0;
  const latest = useRef({ touched, isSettled: false, words: { text: "", label: "" } });
  useEffect(() => {
    latest.current.touched = touched;
    latest.current.words = { text: t`Your changes were not saved.`, label: t`Go back to them` };
  });

  useEffect(() => {
    if (!isDirty) return;
    const beforeUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!(link instanceof HTMLAnchorElement) || !isPlain || link.origin !== location.origin || link.hash !== "") return;
      event.preventDefault();
      setTarget(link.pathname + link.search);
    };
    addEventListener("beforeunload", beforeUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      removeEventListener("beforeunload", beforeUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isDirty]);

  useEffect(() => {
    const known = latest.current;
    const path = location.pathname;
    return () => {
      const { touched: left, isSettled, words } = known;
      if (isSettled || Object.keys(left).length === 0 || location.pathname === path) return;
      toast(words.text, {
        label: words.label,
        run: () => {
          leaveBehind(alarmId, left);
          navigate(routeToPath({ screen: "editor", alarmId }));
        },
      });
    };
  }, [alarmId]);

  const go = (path: string) => {
    latest.current.isSettled = true;
    navigate(path, true);
  };
  const dialog =
    target === null ? null : (
      <Dialog title={t`Leave without saving?`} onClose={() => setTarget(null)}>
        <p>
          <Trans>What you changed is not saved yet.</Trans>
        </p>
        <div className={styles["buttons"]}>
          <Button look="primary" onClick={() => setTarget(null)}>
            <Trans>Keep editing</Trans>
          </Button>
          <Button look="danger" onClick={() => go(target)}>
            <Trans>Leave without saving</Trans>
          </Button>
        </div>
      </Dialog>
    );
  return { leave: (path) => (isDirty ? setTarget(path) : go(path)), go, dialog };
}
