// While the file is read.
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { HowFar } from "./HowFar";
import styles from "./Importing.module.css";
import { StepHeading } from "./StepHeading";

interface Props {
  readonly fileName: string;
  readonly share: number;
  readonly onCancel: () => void;
}

export function Reading({ fileName, share, onCancel }: Props) {
  const { t } = useLingui();
  return (
    <Card>
      <StepHeading>
        <Trans>Looking for nights</Trans>
      </StepHeading>
      <p className={styles["soft"]}>{fileName}</p>
      <HowFar label={t`Read so far`} share={share} />
      <p className={styles["soft"]}>
        <Trans>A large export takes some seconds. Nothing is sent.</Trans>
      </p>
      <div className={styles["actions"]}>
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </Card>
  );
}
