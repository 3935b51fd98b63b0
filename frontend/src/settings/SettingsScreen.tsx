// Settings: what is chosen here holds on all devices; what concerns this device alone says so.
import { Trans, useLingui } from "@lingui/react/macro";
import { InsecureOrigin } from "../app/InsecureOrigin";
import { PendingBadge } from "../ui/Badge";
import { Screen } from "../ui/Screen";
import { About } from "./About";
import { Accessibility } from "./Accessibility";
import { useIsPending } from "./change";
import { Keys } from "./Keys";
import { LanguageAndLook } from "./LanguageAndLook";
import { Privacy } from "./Privacy";
import { Profile } from "./Profile";
import styles from "./Settings.module.css";
import { SignOut } from "./SignOut";
import { Storage } from "./Storage";
import { SyncStatus } from "./SyncStatus";

export default function SettingsScreen() {
  const { t } = useLingui();
  const isPending = [useIsPending("settings"), useIsPending("profile")].includes(true);
  return (
    <Screen title={t`Settings`} action={isPending ? <PendingBadge /> : null}>
      <p className={styles["lead"]}>
        <Trans>Each change is kept at once and reaches all your devices.</Trans>
      </p>
      <InsecureOrigin />
      <LanguageAndLook />
      <Accessibility />
      <Profile />
      <Privacy />
      <SyncStatus />
      <Storage />
      <Keys />
      <About />
      <SignOut />
    </Screen>
  );
}
