// Erasing all nights, or one: what goes, and a second press so that no slip of the finger does it.
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { Progress } from "../ui/Progress";
import { toast } from "../ui/toasts";
import { useErasing } from "./asks";

interface Props {
  /** Null: all of them. */
  readonly id?: string | null;
  readonly onClose: () => void;
  readonly onErased?: () => void;
}

export function EraseNights({ id = null, onClose, onErased }: Props) {
  const { t } = useLingui();
  const erasing = useErasing();

  function erase(): void {
    erasing.mutate(id, {
      onSuccess: () => {
        onClose();
        onErased?.();
        toast(id === null ? t`All nights are erased.` : t`The night is erased.`);
      },
      onError: () => toast(t`That did not work. Please try again when you are online.`),
    });
  }

  return (
    <Dialog title={id === null ? <Trans>Erase all nights?</Trans> : <Trans>Erase this night?</Trans>} onClose={onClose}>
      <p>{words(id)}</p>
      {erasing.isPending ? <Progress /> : null}
      <DialogActions>
        <Button onClick={onClose}>
          <Trans>Keep</Trans>
        </Button>
        <Button look="danger" aria-disabled={erasing.isPending} onClick={() => (erasing.isPending ? undefined : erase())}>
          <Trans>Erase for good</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function words(id: string | null): ReactNode {
  return id === null ? (
    <Trans>
      Movement, heart rate and stages of every night are removed from the server, and the figures made of them are gone. This
      cannot be undone. You may want to download them first.
    </Trans>
  ) : (
    <Trans>Its movement, heart rate and stages are removed from the server. This cannot be undone.</Trans>
  );
}
