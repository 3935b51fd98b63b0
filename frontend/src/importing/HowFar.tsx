// How far a long step is: a bar to see, and every quarter of the way a word to hear.
import { useLingui } from "@lingui/react/macro";
import styles from "./Importing.module.css";

interface Props {
  readonly label: string;
  /** 0 to 1. */
  readonly share: number;
}

export function HowFar({ label, share }: Props) {
  const { i18n } = useLingui();
  const percent = new Intl.NumberFormat(i18n.locale, { style: "percent", maximumFractionDigits: 0 });
  const said = Math.floor(share * 4) / 4;
  return (
    <div className={styles["far"]}>
      <progress className={styles["bar"]} aria-label={label} value={share} max={1} />
      <span aria-hidden="true" className={styles["percent"]}>
        {percent.format(share)}
      </span>
      <p role="status" className="visually-hidden">
        {said > 0 ? `${label}: ${percent.format(said)}` : ""}
      </p>
    </div>
  );
}
