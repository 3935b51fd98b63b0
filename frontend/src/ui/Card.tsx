// A sheet with something on it, and rows in it. The heading is a level-2 one: a screen has one of level 1.
import { useId, type ReactNode } from "react";
import { follow } from "../app/router";
import styles from "./Card.module.css";
import { ForwardIcon } from "./icons";

interface CardProps {
  readonly title?: ReactNode;
  /** Beside the heading: at most one action. */
  readonly action?: ReactNode;
  /** `plain` a sheet; `dawn` the one thing to look at; `warn` and `bad` want something of the person. */
  readonly tone?: "plain" | "dawn" | "good" | "warn" | "bad";
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Card({ title, action, tone = "plain", className, children }: CardProps) {
  const id = useId();
  return (
    <section
      className={[styles["card"], styles[tone], className].filter(Boolean).join(" ")}
      aria-labelledby={title ? id : undefined}
    >
      {title ? (
        <header className={styles["top"]}>
          <h2 id={id}>{title}</h2>
          {action}
        </header>
      ) : null}
      {children}
    </section>
  );
}

/** A list of rows with lines between them. */
export function Rows({ children, className }: { readonly children: ReactNode; readonly className?: string | undefined }) {
  return <ul className={[styles["rows"], className].filter(Boolean).join(" ")}>{children}</ul>;
}

interface RowProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** At the end: a switch, a badge, a button. */
  readonly end?: ReactNode;
  /** The row leads there; then `end` holds nothing to press. */
  readonly href?: string;
}

export function Row({ icon, title, detail, end, href }: RowProps) {
  const inner = (
    <>
      {icon ? <span className={styles["icon"]}>{icon}</span> : null}
      <span className={styles["words"]}>
        <span className={styles["title"]}>{title}</span>
        {detail ? <span className={styles["detail"]}>{detail}</span> : null}
      </span>
      {end}
    </>
  );
  if (href === undefined) return <li className={styles["row"]}>{inner}</li>;
  return (
    <li>
      <a href={href} onClick={follow} className={`${styles["row"] ?? ""} ${styles["link"] ?? ""}`}>
        {inner}
        <ForwardIcon className={styles["detail"]} />
      </a>
    </li>
  );
}
