// A newer version waits: told quietly, started only when the person says so, and not spoken of while something rings.
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { startNewVersion, useWorker } from "../push/registration";
import { useRinger } from "../ringing/useRinger";
import { toast } from "../ui/toasts";

export function UpdatePrompt() {
  const { t } = useLingui();
  const isReady = useWorker((worker) => worker.isUpdateReady);
  const isHeld = useWorker((worker) => worker.isUpdateHeld);
  const isQuiet = useRinger((ringer) => ringer.rings.length === 0);
  useEffect(() => {
    if (!isReady || !isQuiet) return;
    toast(t`A new version is ready.`, { label: t`Reload`, run: () => void startNewVersion() });
  }, [isReady, isQuiet, t]);
  useEffect(() => {
    if (isHeld) toast(t`Something is ringing. The new version can start after that.`);
  }, [isHeld, t]);
  return null;
}
