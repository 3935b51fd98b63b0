// What can be done to the chosen alarms together.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../ui/Button";
import styles from "./BulkBar.module.css";

interface Props {
  readonly count: number;
  readonly isEveryone: boolean;
  readonly onEveryone: () => void;
  readonly onSwitch: (enabled: boolean) => void;
  readonly onDelete: () => void;
  readonly onDone: () => void;
}

export function BulkBar({ count, isEveryone, onEveryone, onSwitch, onDelete, onDone }: Props) {
  const { t } = useLingui();
  const isNone = count === 0;
  return (
    <div className={styles["bar"]} role="toolbar" aria-label={t`Chosen alarms`}>
      <p className={styles["count"]} role="status">
        {isNone ? t`None chosen` : t`${plural(count, { one: "# chosen", other: "# chosen" })}`}
      </p>
      <div className={styles["buttons"]}>
        <Button onClick={onEveryone}>{isEveryone ? t`Choose none` : t`Choose all`}</Button>
        <Button disabled={isNone} onClick={() => onSwitch(true)}>
          <Trans>Switch on</Trans>
        </Button>
        <Button disabled={isNone} onClick={() => onSwitch(false)}>
          <Trans>Switch off</Trans>
        </Button>
        <Button look="danger" disabled={isNone} onClick={onDelete}>
          <Trans>Delete</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </div>
    </div>
  );
}
