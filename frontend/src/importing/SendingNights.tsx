// While nights are sent, and what came of each.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../ui/Badge";
import { Button, LinkButton } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { useClockStyle } from "../ui/preferences";
import { HowFar } from "./HowFar";
import styles from "./Importing.module.css";
import { nightInWords } from "./nightWords";
import { outcomeInWords } from "./problemWords";
import { endsAll, type Outcome } from "./sending";
import { StepHeading } from "./StepHeading";
import type { Sending } from "./useImport";

interface Props {
  readonly sending: Sending;
  readonly onStop: () => void;
  readonly onRestart: () => void;
}

export function SendingNights({ sending, onStop, onRestart }: Props) {
  const { t } = useLingui();
  const { nights, outcomes } = sending;
  if (sending.name === "done") return <Done sending={sending} onRestart={onRestart} />;
  return (
    <Card>
      <StepHeading>
        <Trans>Importing</Trans>
      </StepHeading>
      <HowFar label={t`Nights imported`} share={outcomes.length / nights.length} />
      <p className={styles["soft"]}>
        <Trans>You can stop at any time. What is there stays, and the rest can follow later.</Trans>
      </p>
      <div className={styles["actions"]}>
        <Button onClick={onStop}>
          <Trans>Stop</Trans>
        </Button>
      </div>
    </Card>
  );
}

function Done({ sending, onRestart }: { readonly sending: Sending; readonly onRestart: () => void }) {
  const { i18n } = useLingui();
  const clock = useClockStyle();
  const { nights, outcomes, isStopped } = sending;
  const sorted = [...nights].sort((a, b) => a.startMs - b.startMs);
  const imported = outcomes.filter((outcome) => outcome === "imported").length;
  const ended = outcomes.find(endsAll);
  const left = nights.length - outcomes.filter((outcome) => !endsAll(outcome)).length;
  return (
    <>
      <Card tone={ended === undefined ? "good" : "warn"}>
        <StepHeading>
          {plural(imported, { 0: "No night was imported", one: "# night is imported", other: "# nights are imported" })}
        </StepHeading>
        {ended === undefined ? null : <p>{outcomeInWords(i18n, ended)}.</p>}
        {isStopped || ended !== undefined ? (
          <p>
            {left > 0 ? plural(left, { one: "# night is not sent yet.", other: "# nights are not sent yet." }) : null}{" "}
            <Trans>Choose the same file again to go on. Nothing doubles.</Trans>
          </p>
        ) : null}
        <div className={styles["actions"]}>
          <LinkButton look="primary" isBig href="/sleep">
            <Trans>See my nights</Trans>
          </LinkButton>
          <Button isBig onClick={onRestart}>
            <Trans>Choose another file</Trans>
          </Button>
        </div>
      </Card>
      <Card title={<Trans>Night by night</Trans>}>
        <Rows>
          {sorted.slice(0, outcomes.length).map((night, index) => {
            const { day, times } = nightInWords(night, clock);
            return <Row key={night.startMs} title={day} detail={times} end={<OutcomeBadge outcome={outcomes[index]!} />} />;
          })}
        </Rows>
      </Card>
    </>
  );
}

function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { i18n } = useLingui();
  const tone = outcome === "imported" ? "good" : outcome === "already" ? "neutral" : "warn";
  return <Badge tone={tone}>{outcomeInWords(i18n, outcome)}</Badge>;
}
