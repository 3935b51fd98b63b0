// What stays while screens change: the way to the main content, the navigation, the messages.
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { follow, type Route } from "./router";
import styles from "./Shell.module.css";

interface Props {
  readonly screen: Route["screen"];
  readonly children: ReactNode;
}

export function Shell({ screen, children }: Props) {
  const { t } = useLingui();
  const places = [
    { screen: "today", path: "/", name: t`Today` },
    { screen: "alarms", path: "/alarms", name: t`Alarms` },
    { screen: "history", path: "/history", name: t`History` },
    { screen: "devices", path: "/devices", name: t`Devices` },
    { screen: "settings", path: "/settings", name: t`Settings` },
  ] as const;
  return (
    <div className={styles["shell"]}>
      <a className={styles["skip"]} href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      <nav className={styles["nav"]} aria-label={t`Main`}>
        {places.map((place) => (
          <a
            key={place.screen}
            href={place.path}
            onClick={follow}
            aria-current={place.screen === screen ? "page" : undefined}
          >
            {place.name}
          </a>
        ))}
      </nav>
      {children}
    </div>
  );
}
