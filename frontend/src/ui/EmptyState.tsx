// What a screen says when it has nothing to show yet, and the one thing to do about it.
import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface Props {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <div className={styles["empty"]}>
      {icon ? <span className={styles["icon"]}>{icon}</span> : null}
      <h2>{title}</h2>
      {children ? <div className={styles["words"]}>{children}</div> : null}
      {action}
    </div>
  );
}
