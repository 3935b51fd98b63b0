// The pictures that only screens beyond the daily path show: they load with the first of these.
import { drawn, lines } from "./icons";

export const AddIcon = lines("M12 5v14M5 12h14");
export const RemoveIcon = lines("M5 12h14");
export const CheckIcon = lines("m5 12.5 4.5 4.5L19 7.5");
export const BackIcon = lines("M14.5 5.5 8 12l6.5 6.5");
export const SearchIcon = drawn(
  <>
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="m15.5 15.5 5 5" />
  </>,
);
export const FilterIcon = lines("M3 6h18M6.5 12h11M10 18h4");
export const MoreIcon = drawn(
  <>
    <circle cx="5.5" cy="12" r=".75" />
    <circle cx="12" cy="12" r=".75" />
    <circle cx="18.5" cy="12" r=".75" />
  </>,
);
export const EditIcon = lines("M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19 4 20zM13.5 7l3.5 3.5");
export const TrashIcon = lines("M4 6.5h16M9 6.5V4h6v2.5M6 6.5 7 20.5h10l1-14M10 10.5v6M14 10.5v6");
export const CopyIcon = drawn(
  <>
    <rect x="8.5" y="8.5" width="12" height="12" rx="2" />
    <path d="M15.5 5.5v-2h-12v12h2" />
  </>,
);
export const UndoIcon = lines("M8 4 3.5 8.5 8 13M3.5 8.5H14a6 6 0 0 1 0 12H8");
export const SkipIcon = lines("M5 5.5v13l9-6.5-9-6.5zM18.5 5.5v13");
export const PlayIcon = lines("M7 4.5v15l12-7.5-12-7.5z");
export const StopIcon = drawn(<rect x="5.5" y="5.5" width="13" height="13" rx="2" />);
export const PauseIcon = lines("M8 5v14M16 5v14");
export const SyncIcon = lines("M4 10.5A8.3 8.3 0 0 1 19 7l1.5 2M20.5 4v5h-5M20 13.5A8.3 8.3 0 0 1 5 17l-1.5-2M3.5 20v-5h5");
export const DownloadIcon = lines("M12 3.5v12M7 11l5 5 5-5M4 20.5h16");
export const SignOutIcon = lines("M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5");
export const SendIcon = lines("M3.5 11 21 3l-6.5 18-3.5-7.5L3.5 11zM11 13.5l4-4.5");
export const BellIcon = lines("M12 3.5a6 6 0 0 0-6 6c0 5-2 6.5-2 7.5h16c0-1-2-2.5-2-7.5a6 6 0 0 0-6-6zM9.5 20.5h5");
export const BellOffIcon = lines(
  "M8 5a6 6 0 0 1 10 4.5c0 2 .3 3.5.8 4.6M6.2 8.5C6.2 14.5 4 16 4 17h13M9.5 20.5h5M3 3l18 18",
);
export const SoundIcon = lines("M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11");
export const VibrateIcon = drawn(
  <>
    <rect x="8" y="4" width="8" height="16" rx="1.5" />
    <path d="M4.5 8v8M19.5 8v8M1.5 10v4M22.5 10v4" />
  </>,
);
export const SunIcon = drawn(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7" />
  </>,
);
export const RepeatIcon = lines("M4 11V9a3 3 0 0 1 3-3h12.5M16.5 3l3 3-3 3M20 13v2a3 3 0 0 1-3 3H4.5M7.5 21l-3-3 3-3");
export const CalendarIcon = drawn(
  <>
    <rect x="3.5" y="5" width="17" height="15.5" rx="2" />
    <path d="M3.5 10h17M8 2.5V7M16 2.5V7" />
  </>,
);
export const ClockIcon = drawn(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7v5l3.5 2" />
  </>,
);
export const GlobeIcon = drawn(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z" />
  </>,
);
export const UserIcon = drawn(
  <>
    <circle cx="12" cy="8" r="4" />
    <path d="M4 20.5c1-4 4-6 8-6s7 2 8 6" />
  </>,
);
export const LockIcon = drawn(
  <>
    <rect x="5" y="10.5" width="14" height="10" rx="2" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </>,
);
export const EyeIcon = drawn(
  <>
    <path d="M2.5 12c2-4 5.5-6.5 9.5-6.5s7.5 2.5 9.5 6.5c-2 4-5.5 6.5-9.5 6.5S4.5 16 2.5 12z" />
    <circle cx="12" cy="12" r="2.75" />
  </>,
);
export const EyeOffIcon = lines(
  "M9.5 5.9c5-1.4 9.5 1 12 6.1-.7 1.4-1.6 2.6-2.6 3.6M6 7.8C4.6 8.9 3.4 10.3 2.5 12c2.7 5.2 7.8 7.8 13 5.7M10 10a2.8 2.8 0 0 0 4 4M3 3l18 18",
);
export const PhoneIcon = drawn(
  <>
    <rect x="6.5" y="2.5" width="11" height="19" rx="2" />
    <path d="M10.5 18.5h3" />
  </>,
);
export const LaptopIcon = drawn(
  <>
    <rect x="4.5" y="4.5" width="15" height="11" rx="1.5" />
    <path d="M2 19.5h20" />
  </>,
);
export const KeyboardIcon = drawn(
  <>
    <rect x="2.5" y="6" width="19" height="12" rx="2" />
    <path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8" />
  </>,
);
export const StorageIcon = drawn(
  <>
    <ellipse cx="12" cy="6" rx="7.5" ry="3" />
    <path d="M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3" />
  </>,
);
export const InfoIcon = drawn(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5.5M12 7.5h.01" />
  </>,
);
