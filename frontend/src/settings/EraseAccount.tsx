// Deleting the account: what goes, typed to confirm, so that no slip of the finger does it.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { navigate } from "../app/router";
import { api } from "../session/api";
import { signOut } from "../session/session";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Progress } from "../ui/Progress";
import { toast } from "../ui/toasts";

export function EraseAccount({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const word = t({ message: "delete", comment: "the word that is typed to confirm" });
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function erase(): Promise<void> {
    if (typed.trim().toLocaleLowerCase() !== word.toLocaleLowerCase()) {
      setFault(t`Please write the word “${word}”.`);
      return;
    }
    setFault(null);
    setBusy(true);
    const isErased = await eraseAccount();
    setBusy(false);
    if (!isErased) {
      setFault(t`That did not work. Please try again when you are online.`);
      return;
    }
    await signOut({ force: true });
    navigate("/sign-in", true);
    toast(t`Your account is deleted. Take care.`);
  }

  return (
    <Dialog title={<Trans>Delete your account?</Trans>} onClose={onClose}>
      <p>
        <Trans>
          Your alarms, your history and your devices are removed from the server. This cannot be undone. You may want to
          download your data first.
        </Trans>
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void erase();
        }}
      >
        <Field label={t`To confirm, write “${word}”`} error={fault}>
          {(field) => (
            <input
              {...field}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {isBusy ? <Progress /> : null}
        <DialogActions>
          <Button onClick={onClose}>
            <Trans>Keep my account</Trans>
          </Button>
          <Button look="danger" type="submit" aria-disabled={isBusy}>
            <Trans>Delete for good</Trans>
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

async function eraseAccount(): Promise<boolean> {
  try {
    const { response } = await api.DELETE("/api/v1/me");
    return response.ok;
  } catch {
    return false;
  }
}
