// The first picture: the sun comes up behind hills. It says nothing, so nobody is told about it.
import styles from "./Dawn.module.css";

export function Dawn({ className }: { readonly className?: string | undefined }) {
  return (
    <div className={[styles["sky"], className].filter(Boolean).join(" ")} aria-hidden="true">
      <svg className={styles["land"]} viewBox="0 60 400 300" preserveAspectRatio="xMidYMid slice" focusable="false">
        <circle className={styles["glow"]} cx="200" cy="262" r="120" />
        <circle className={styles["sun"]} cx="200" cy="262" r="62" />
        <path className={styles["hand"]} d="M200 228v34l22 15" />
        <path className={styles["far"]} d="M-200 300c90-50 170-60 260-18s150 20 240-24 200-20 300 30v160h-800z" />
        <path className={styles["near"]} d="M-200 340c120-40 220-30 320 4s190 26 300-14 180-10 180-10v120h-800z" />
      </svg>
    </div>
  );
}
