// The name of an alarm, of three lines at most: also one that is long and has no spaces.
import styles from "./Label.module.css";

export function Label({ children }: { readonly children: string }) {
  return <span className={styles["label"]}>{children}</span>;
}
