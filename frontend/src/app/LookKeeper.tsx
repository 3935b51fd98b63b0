// Keeps the page in the look and the language that the settings say, as they change on any device.
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { speak } from "../i18n/words";
import { SETTINGS } from "../replica/defaults";
import { useOne, useSyncState } from "../replica/hooks";
import { toast } from "../ui/toasts";
import { changeLook, followSystemLook, useLook } from "../ui/look";
import { wantedLocale } from "./language";

export function LookKeeper() {
  const { t } = useLingui();
  const stored = useOne("settings", "me");
  const isPulled = useSyncState().pulledAt !== null;
  const fields = stored?.fields ?? (stored === undefined && isPulled ? SETTINGS : null);
  const look = useLook((state) => state.look);
  useEffect(followSystemLook, []);
  useEffect(() => {
    if (fields) changeLook(fields);
  }, [fields]);
  useEffect(() => {
    speak(wantedLocale(look)).catch(() => toast(t`This language could not be loaded. Try again with a connection.`));
  }, [look, t]);
  return null;
}
