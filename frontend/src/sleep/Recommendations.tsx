// Something to try, read from one's own nights: taken up, or put away for a while, and either can be undone.
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef } from "react";
import { undoToast } from "../alarms/undoToast";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { useClockStyle } from "../ui/preferences";
import { toast } from "../ui/toasts";
import { useFeedback, useRecommendations } from "./asks";
import { insightName } from "./insightNames";
import { adviceOf, progressInWords } from "./recommendationWords";
import styles from "./Sleep.module.css";
import type { Answer, Recommendation } from "./types";

export function Recommendations() {
  const { t } = useLingui();
  const { data } = useRecommendations();
  const feedback = useFeedback();
  const list = useRef<HTMLUListElement>(null);
  if (!data || data.items.length === 0) return null;

  function answer(id: string, given: Answer): void {
    feedback.mutate(
      { id, answer: given },
      {
        onSuccess: () => {
          list.current?.focus({ preventScroll: true }); // the button that was pressed goes
          if (given === "none") return;
          const said = given === "accepted" ? t`Good luck with it.` : t`Put away for a month.`;
          undoToast(said, { label: t`Undo`, run: () => answer(id, "none") });
        },
        onError: () => toast(t`That did not work. Please try again when you are online.`),
      },
    );
  }

  return (
    <Card title={<Trans>Something to try</Trans>}>
      <ul ref={list} tabIndex={-1} className={styles["ideas"]} aria-label={t`Something to try`}>
        {data.items.map((one) => (
          <Idea key={one.id} idea={one} isBusy={feedback.isPending} onAnswer={(given) => answer(one.id, given)} />
        ))}
      </ul>
    </Card>
  );
}

interface IdeaProps {
  readonly idea: Recommendation;
  readonly isBusy: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

function Idea({ idea, isBusy, onAnswer }: IdeaProps) {
  const { i18n } = useLingui();
  const clock = useClockStyle();
  const advice = adviceOf(i18n, idea, clock);
  const progress = progressInWords(i18n, idea, clock.locale);
  const isTaken = idea.feedback === "accepted";
  const names = new Set(idea.rests_on.flatMap((name) => insightName(i18n, name) ?? []));
  const basis = new Intl.ListFormat(clock.locale).format(names);
  return (
    <li className={styles["idea"]}>
      <h3>
        {advice?.title ?? idea.text} {isTaken ? <Trying /> : null}
      </h3>
      {advice ? (
        <p>
          {advice.seen} {advice.idea}
        </p>
      ) : null}
      {progress === null ? null : <p>{progress}</p>}
      {basis === "" ? null : (
        <p className={styles["soft"]}>
          <Trans>It rests on: {basis}.</Trans>
        </p>
      )}
      <div className={styles["actions"]}>
        {isTaken ? (
          <Button aria-disabled={isBusy} onClick={() => (isBusy ? undefined : onAnswer("none"))}>
            <Trans>Stop trying it</Trans>
          </Button>
        ) : (
          <>
            <Button aria-disabled={isBusy} onClick={() => (isBusy ? undefined : onAnswer("accepted"))}>
              <Trans>I will try it</Trans>
            </Button>
            <Button look="quiet" aria-disabled={isBusy} onClick={() => (isBusy ? undefined : onAnswer("dismissed"))}>
              <Trans>Not for me</Trans>
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

function Trying() {
  return (
    <Badge tone="primary">
      <Trans>Trying it</Trans>
    </Badge>
  );
}
