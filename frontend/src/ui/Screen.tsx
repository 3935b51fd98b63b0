// The frame of one screen: its heading, which gets the focus (and so is read out) when the screen opens, and what is on it.
import { useEffect, useRef, type ReactNode } from "react";
import styles from "./Screen.module.css";

interface Props {
  readonly title: string;
  /** Beside the heading: at most one action. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

let isFirst = true;

/** Something else was on screen before the first of these: signing in. */
export function leaveFirstScreen(): void {
  isFirst = false;
}

export function Screen({ title, action, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Smart Alarm`;
  }, [title]);
  useEffect(() => {
    // Not the first one: a page that has just been opened is read from its top.
    if (isFirst) isFirst = false;
    else heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main className={styles["screen"]} id="main">
      <header className={styles["top"]}>
        <h1 ref={heading} tabIndex={-1} className={styles["title"]}>
          {title}
        </h1>
        {action}
      </header>
      {children}
    </main>
  );
}
