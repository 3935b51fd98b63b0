// What is in the file, night by night, before anything is sent.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Button, LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { usePreferences } from "../ui/preferences";
import { RadioGroup } from "../ui/RadioGroup";
import { ZoneSelect } from "../ui/ZoneSelect";
import { Agreeing } from "./Agreeing";
import styles from "./Importing.module.css";
import { NightChoice } from "./NightChoice";
import { ProblemsFound } from "./ProblemsFound";
import type { Measured } from "./sending";
import { StepHeading } from "./StepHeading";
import { canBeChosen, markOf } from "./stored";
import type { Import, Looking } from "./useImport";

interface Props {
  readonly looking: Looking;
  readonly running: Import;
}

export function Look({ looking, running }: Props) {
  const { found, chosen, file, zone } = looking;
  const { sleep_consent: hasConsent } = usePreferences();
  const { t } = useLingui();
  const [measured, setMeasured] = useState<Measured>("unknown");
  const [hasAgreed, setAgreed] = useState(false);
  const actions = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (hasAgreed && hasConsent) actions.current?.querySelector("button")?.focus(); // the button that was pressed is gone
  }, [hasAgreed, hasConsent]);
  const nights = found.nights.filter((night) => chosen.has(night.startMs));
  const hasCounts = found.nights.some((night) => night.kind === "counts");
  const count = nights.length;
  const hasStored = found.nights.some((night) => markOf(night, looking.stored ?? []) === "stored");
  return (
    <>
      <Card>
        <StepHeading>
          {found.nights.length === 0 ? (
            <Trans>No night to import</Trans>
          ) : (
            plural(found.nights.length, { one: "# night found", other: "# nights found" })
          )}
        </StepHeading>
        <p className={styles["soft"]}>{file.name}</p>
        <Notes looking={looking} />
        {found.isZoneAssumed ? (
          <ZoneSelect
            label={t`Time zone of the file`}
            hint={t`Its times carry no zone.`}
            value={zone}
            onChoose={(other) => running.read(file, other)}
          />
        ) : null}
        {hasCounts ? (
          <RadioGroup
            label={t`Where was the movement measured?`}
            hint={t`The estimate is made for wrists. Elsewhere it is rougher, and says so.`}
            choices={[
              { value: "wrist", label: t`On the wrist` },
              { value: "mattress", label: t`In the bed` },
              { value: "unknown", label: t`I do not know` },
            ]}
            value={measured}
            onChoose={setMeasured}
          />
        ) : null}
        {found.nights.length > 0 ? <Nights looking={looking} running={running} /> : null}
      </Card>
      <ProblemsFound problems={found.problems} />
      {count > 0 && !hasConsent ? <Agreeing looking={looking} onAgree={() => setAgreed(true)} /> : null}
      <div className={styles["actions"]} ref={actions}>
        {hasConsent && count > 0 ? (
          <Button look="primary" isBig onClick={() => running.send(nights, found.kind, measured)}>
            {plural(count, { one: "Import # night", other: "Import # nights" })}
          </Button>
        ) : null}
        {count === 0 && hasStored ? (
          <LinkButton look="primary" isBig href="/sleep">
            <Trans>See my nights</Trans>
          </LinkButton>
        ) : null}
        <Button isBig onClick={running.restart}>
          <Trans>Choose another file</Trans>
        </Button>
      </div>
    </>
  );
}

function Notes({ looking: { found, stored, days, isDaysKnown } }: { readonly looking: Looking }) {
  const kept = plural(days, { one: "# day", other: "# days" });
  return (
    <>
      {found.nights.length === 0 && found.older === 0 ? (
        <p>
          <Trans>There is no sleep in this file that could be read.</Trans>
        </p>
      ) : null}
      {found.older > 0 ? (
        <p>
          {plural(found.older, { one: "# older night is left out.", other: "# older nights are left out." })}{" "}
          {isDaysKnown ? (
            <Trans>Nights are kept for {kept} here.</Trans>
          ) : (
            <Trans>Nights are kept for {kept} unless whoever runs this server chose otherwise.</Trans>
          )}
        </p>
      ) : null}
      {stored === null ? (
        <p>
          <Trans>
            The server cannot be reached, so nights that are already there cannot be marked. They will not double.
          </Trans>
        </p>
      ) : null}
    </>
  );
}

/** A screenful; most people want all of them and need not scroll past ninety. */
const AT_ONCE = 7;

function Nights({ looking, running }: Props) {
  const { found, stored, chosen } = looking;
  const [isListed, setListed] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (isListed) list.current?.querySelector<HTMLElement>(`li:nth-child(${AT_ONCE + 1}) input`)?.focus();
  }, [isListed]);
  const marked = found.nights.map((night) => ({ night, mark: markOf(night, stored ?? []) }));
  const all = marked.filter(({ night, mark }) => canBeChosen(night, mark)).map(({ night }) => night.startMs);
  const isWhole = all.every((startMs) => chosen.has(startMs));
  return (
    <>
      {all.length > 1 ? (
        <Button look="quiet" className={styles["choose"]} onClick={() => running.choose(all, !isWhole)}>
          {isWhole ? <Trans>Choose none</Trans> : <Trans>Choose all</Trans>}
        </Button>
      ) : null}
      <ul className={styles["nights"]} ref={list}>
        {marked.slice(0, isListed ? marked.length : AT_ONCE).map(({ night, mark }) => (
          <NightChoice
            key={`${night.startMs} ${night.source}`}
            night={night}
            mark={mark}
            isChosen={chosen.has(night.startMs)}
            onChoose={(isChosen) => running.choose([night.startMs], isChosen)}
          />
        ))}
      </ul>
      {!isListed && marked.length > AT_ONCE ? (
        <Button className={styles["start"]} onClick={() => setListed(true)}>
          {plural(marked.length, { one: "Show # night", other: "Show all # nights" })}
        </Button>
      ) : null}
    </>
  );
}
