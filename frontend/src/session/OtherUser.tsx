// Somebody else's data lie on this device: say so before they are cleared.
import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";

interface Props {
  readonly email: string;
  readonly unsent: number;
  readonly onCancel: () => void;
  readonly onGo: () => void;
}

export function OtherUser({ email, unsent, onCancel, onGo }: Props) {
  return (
    <Dialog title={<Trans>This device belongs to another account</Trans>} onClose={onCancel}>
      <p>
        <Trans>
          The alarms of <strong>{email}</strong> are still kept here. To go on, they are removed from this device. They stay
          in that account.
        </Trans>
      </p>
      {unsent > 0 ? (
        <p>
          <strong>
            <Plural
              value={unsent}
              one="# change was never sent and would be lost."
              other="# changes were never sent and would be lost."
            />
          </strong>
        </p>
      ) : null}
      <DialogActions>
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button look="danger" onClick={onGo}>
          <Trans>Remove them and go on</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
