// The heading of a step takes the focus when the step begins, so that it is read out and Tab goes on from there.
import { useEffect, useRef, type ReactNode } from "react";
import styles from "./Importing.module.css";

export function StepHeading({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1} className={styles["heading"]}>
      {children}
    </h2>
  );
}
