// Gives a device the name its owner knows it by.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import styles from "./Devices.module.css";

const MAX_NAME = 100;

export function RenameDialog({ device, onClose }: { readonly device: Shown<"device">; readonly onClose: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(device.fields.name);
  const [isEmpty, setIsEmpty] = useState(false);
  function save(): void {
    const wanted = name.trim();
    if (wanted === "") {
      setIsEmpty(true);
      return;
    }
    if (wanted !== device.fields.name) {
      void replica.write([{ kind: "device", id: device.id, fields: { name: wanted } }]);
    }
    onClose();
  }
  return (
    <Dialog title={<Trans>Rename device</Trans>} onClose={onClose}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label={<Trans>Name</Trans>} error={isEmpty ? t`Give it a name, such as “Kitchen tablet”.` : null}>
          {(field) => (
            <input
              {...field}
              value={name}
              maxLength={MAX_NAME}
              autoComplete="off"
              onChange={(event) => {
                setName(event.target.value);
                setIsEmpty(false);
              }}
            />
          )}
        </Field>
        <div className={styles["buttons"]}>
          <Button type="submit" look="primary">
            <Trans>Save</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
