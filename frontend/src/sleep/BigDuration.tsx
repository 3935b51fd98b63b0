// Hours and minutes in big numerals: "7 h 12 min" with small units.
import { minutesText, hoursAndMinutes } from "./figures";
import styles from "./Sleep.module.css";

export function BigDuration({ minutes }: { readonly minutes: number }) {
  const { hours, minutes: rest } = hoursAndMinutes(minutes);
  return (
    <p className={styles["big"]}>
      <span className="visually-hidden">{minutesText(minutes)}</span>
      <span aria-hidden="true">
        {hours > 0 ? (
          <>
            {hours}
            <small>h</small>
          </>
        ) : null}
        {rest > 0 || hours === 0 ? (
          <>
            {rest}
            <small>min</small>
          </>
        ) : null}
      </span>
    </p>
  );
}
