// The pictures beside words: drawn in the text's colour and size, never read out; the words say it.
// Today's path loads these; what other screens show besides is in moreIcons.
import type { ReactNode } from "react";
import styles from "./icons.module.css";

export interface IconProps {
  readonly className?: string | undefined;
}

export type Icon = (props: IconProps) => ReactNode;

export function drawn(shape: ReactNode): Icon {
  return function DrawnIcon({ className }) {
    return (
      <svg
        className={className ? `${styles["icon"]} ${className}` : styles["icon"]}
        viewBox="0 0 24 24"
        aria-hidden="true"
        focusable="false"
      >
        {shape}
      </svg>
    );
  };
}

/** Of one stroke or more. */
export const lines = (d: string) => drawn(<path d={d} />);

// Places
export const TodayIcon = drawn(
  <>
    <circle cx="12" cy="14" r="4" />
    <path d="M12 3v3M4.2 6.2l2 2M19.8 6.2l-2 2M2 14h2.5M19.5 14H22M2 20.5h20" />
  </>,
);
export const AlarmIcon = drawn(
  <>
    <circle cx="12" cy="13" r="7.5" />
    <path d="M12 9v4l2.5 2M2.5 6 6 3M21.5 6 18 3" />
  </>,
);
export const HistoryIcon = lines("M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3 8.5M3 3.5v5h5M12 7.5V12l3 2");
export const DevicesIcon = drawn(
  <>
    <rect x="2.5" y="4" width="13" height="10" rx="1.5" />
    <rect x="14.5" y="9" width="7" height="11.5" rx="1.5" />
    <path d="M5.5 18h6" />
  </>,
);
export const SettingsIcon = drawn(
  <>
    <path d="M3 7h9M18 7h3M3 17h3M12 17h9" />
    <circle cx="15" cy="7" r="2.75" />
    <circle cx="9" cy="17" r="2.75" />
  </>,
);
export const BedsideIcon = lines("M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z");
export const SleepIcon = lines("M3 18.5V6M3 15h18v3.5M21 15v-2a3 3 0 0 0-3-3h-7v5M5.5 12h3");

// Doing
export const CloseIcon = lines("M6 6l12 12M18 6 6 18");
export const ForwardIcon = lines("m9.5 5.5 6.5 6.5-6.5 6.5");
export const ExpandIcon = lines("m5.5 9 6.5 6.5L18.5 9");

// States
export const WarningIcon = lines("M12 4 2.5 20h19L12 4zM12 10v4.5M12 17.2h.01");
export const OfflineIcon = lines(
  "M2.5 9.5c1-1 2.1-1.8 3.3-2.4M21.5 9.5A13.5 13.5 0 0 0 10 5.7M6 13.2c1-.9 2.2-1.6 3.5-1.9M18 13.2a8.5 8.5 0 0 0-2.3-1.5M9.5 16.8a4 4 0 0 1 5 0M12 20h.01M3 3l18 18",
);
export const PendingIcon = lines("M7 3h10M7 21h10M8 3c0 5 8 6 8 9s-8 4-8 9M16 3c0 5-8 6-8 9s8 4 8 9");
