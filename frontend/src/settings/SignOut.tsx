// Signing out: warns of edits that were never sent, then clears this device.
import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";
import { navigate } from "../app/router";
import { replica } from "../replica/replica";
import { signOut } from "../session/session";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { SignOutIcon } from "../ui/moreIcons";
import { Progress } from "../ui/Progress";
import styles from "./Settings.module.css";

export function SignOut() {
  const [unsent, setUnsent] = useState(0);
  const [isBusy, setBusy] = useState(false);

  async function leave(force: boolean): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const answer = await signOut({ force });
    setBusy(false);
    setUnsent(answer.unsent);
    if (answer.unsent === 0) navigate("/sign-in", true);
  }

  return (
    <div className={styles["end"]}>
      <Button aria-disabled={isBusy} onClick={() => void leave(false)}>
        <SignOutIcon />
        <Trans>Sign out</Trans>
      </Button>
      <p className={styles["lead"]}>
        <Trans>Signing out removes your data from this device. It no longer rings here.</Trans>
      </p>
      {isBusy ? <Progress /> : null}
      {unsent > 0 ? (
        <Dialog title={<Trans>Some changes are not sent yet</Trans>} onClose={() => setUnsent(0)}>
          <p>
            <Plural
              value={unsent}
              one="# change has not reached the server. If you sign out now, it is lost."
              other="# changes have not reached the server. If you sign out now, they are lost."
            />
          </p>
          <DialogActions>
            <Button look="danger" onClick={() => void leave(true)}>
              <Trans>Sign out anyway</Trans>
            </Button>
            <Button
              look="primary"
              onClick={() => {
                setUnsent(0);
                void replica.syncNow();
              }}
            >
              <Trans>Stay signed in</Trans>
            </Button>
          </DialogActions>
        </Dialog>
      ) : null}
    </div>
  );
}
