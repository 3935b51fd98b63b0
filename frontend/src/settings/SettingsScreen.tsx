// Settings: what is chosen here holds on all devices; what concerns this device alone says so.
import { Trans, useLingui } from "@lingui/react/macro";
import { InsecureOrigin } from "../app/InsecureOrigin";
import { PendingBadge } from "../ui/Badge";
import { useIsSimplified } from "../ui/preferences";
import { Screen } from "../ui/Screen";
import { About } from "./About";
import { Accessibility } from "./Accessibility";
import { useIsPending } from "./change";
import { Keys } from "./Keys";
import { LanguageAndLook } from "./LanguageAndLook";
import { MorePlaces } from "./MorePlaces";
import { Privacy } from "./Privacy";
import { Profile } from "./Profile";
import styles from "./Settings.module.css";
import { SignOut } from "./SignOut";
import { Storage } from "./Storage";
import { SyncStatus } from "./SyncStatus";

export default function SettingsScreen() {
  const { t } = useLingui();
  const isSimplified = useIsSimplified();
  const isPending = [useIsPending("settings"), useIsPending("profile")].includes(true);
  return (
    <Screen title={t`Settings`} action={isPending ? <PendingBadge /> : null}>
      <p className={styles["lead"]}>
        <Trans>Each change is kept at once and reaches all your devices.</Trans>
      </p>
      <InsecureOrigin />
      <LanguageAndLook />
      <Accessibility />
      <MorePlaces />
      <Profile />
      <Privacy />
      {isSimplified ? null : (
        <>
          <SyncStatus />
          <Storage />
          <Keys />
        </>
      )}
      <About />
      <SignOut />
    </Screen>
  );
}
