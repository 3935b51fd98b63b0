// What stays while screens change: the way to the main content, the navigation, the state of sync, the messages.
import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense, type MouseEvent, type ReactNode } from "react";
import { LinkButton } from "../ui/Button";
import { AlarmIcon, BedsideIcon, DevicesIcon, HistoryIcon, SettingsIcon, SleepIcon, TodayIcon } from "../ui/icons";
import { useIsSimplified } from "../ui/preferences";
import { follow, type Route } from "./router";
import styles from "./Shell.module.css";
import { SyncStrip } from "./SyncStrip";

interface Props {
  readonly screen: Route["screen"];
  readonly children: ReactNode;
}

const InstallCard = lazy(() => import("./InstallCard"));

/** Where to offer the home screen: after what these screens are for. */
const WITH_OFFER: readonly Route["screen"][] = ["today", "devices"];

/** Screens that fill the whole picture: nothing there leads astray at night. */
const ALONE: readonly Route["screen"][] = ["ringing", "bedside"];

/** Places that a phone's bar has no room for: they are reached from Today and from Settings. */
const ROOMY: readonly Route["screen"][] = ["bedside", "devices"];

/** Screens without a place of their own belong to one that has it. */
const PLACE_OF: Partial<Record<Route["screen"], string>> = {
  editor: "alarms",
  sleep_import: "sleep",
  sign_in: "today",
  sign_up: "today",
};

export function Shell({ screen, children }: Props) {
  if (ALONE.includes(screen)) return children;
  return (
    <div className={styles["shell"]}>
      <a className={styles["skip"]} href="#main" onClick={skipToMain}>
        <Trans>Skip to the content</Trans>
      </a>
      <Navigation current={PLACE_OF[screen] ?? screen} />
      <div className={styles["content"]}>
        <SyncStrip />
        {children}
        {screen === "today" ? <ForTheNight /> : null}
        {WITH_OFFER.includes(screen) ? (
          <Suspense fallback={null}>
            <InstallCard />
          </Suspense>
        ) : null}
      </div>
    </div>
  );
}

function Navigation({ current }: { readonly current: string }) {
  const { t } = useLingui();
  const isSimplified = useIsSimplified();
  const places = [
    { screen: "today", path: "/", name: t`Today`, Icon: TodayIcon, isBasic: true },
    { screen: "alarms", path: "/alarms", name: t`Alarms`, Icon: AlarmIcon, isBasic: true },
    { screen: "bedside", path: "/bedside", name: t`Bedside`, Icon: BedsideIcon, isBasic: false },
    { screen: "sleep", path: "/sleep", name: t`Sleep`, Icon: SleepIcon, isBasic: false },
    { screen: "history", path: "/history", name: t`History`, Icon: HistoryIcon, isBasic: false },
    { screen: "devices", path: "/devices", name: t`Devices`, Icon: DevicesIcon, isBasic: false },
    { screen: "settings", path: "/settings", name: t`Settings`, Icon: SettingsIcon, isBasic: true },
  ] as const;
  return (
    <nav className={styles["nav"]} aria-label={t`Main`}>
      <p className={styles["brand"]} aria-hidden="true">
        <img src="/icon.svg" alt="" width="32" height="32" />
        <span>Smart Alarm</span>
      </p>
      <ul className={styles["places"]}>
        {places
          .filter((place) => place.isBasic || !isSimplified)
          .map(({ screen, path, name, Icon }) => (
            <li key={screen} className={ROOMY.includes(screen) ? styles["roomy"] : undefined}>
              <a
                href={path}
                onClick={follow}
                aria-current={screen === current ? "page" : undefined}
                className={styles["place"]}
              >
                <span className={styles["pill"]}>
                  <Icon />
                </span>
                <span>{name}</span>
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** A phone's bar has no room for it, and in the evening it is looked for here. */
function ForTheNight() {
  const { t } = useLingui();
  return (
    <nav className={styles["night"]} aria-label={t`For the night`}>
      <LinkButton href="/bedside">
        <BedsideIcon />
        <Trans>Bedside clock</Trans>
      </LinkButton>
    </nav>
  );
}

/** The heading takes the focus, as after a change of screen; the address stays what it is. */
function skipToMain(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#main h1")?.focus();
}
