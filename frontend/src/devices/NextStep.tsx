// The one thing to do on this device, with its button, and what came of it.
import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { OwnDevice } from "../push/readiness";
import { allowNotifications, subscribe, type Allowed } from "../push/subscribing";
import { runTest, type TestOutcome } from "../push/testing";
import { Button } from "../ui/Button";
import { SendIcon } from "../ui/moreIcons";
import styles from "./Devices.module.css";
import { useStepWords } from "./stepWords";

type Came = { readonly of: "asking"; readonly answer: Allowed } | { readonly of: "test"; readonly answer: TestOutcome };

export function NextStep({ own }: { readonly own: OwnDevice }) {
  const { t } = useLingui();
  const stepWords = useStepWords();
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [came, setCame] = useState<Came | null>(null);
  const { step, facts, deviceId } = own;
  const canTest = deviceId !== null && facts.endpoint !== null && facts.endpoint === facts.serverEndpoint;

  async function run(work: () => Promise<Came>): Promise<void> {
    setIsBusy(true);
    setCame(null);
    try {
      setCame(await work());
    } finally {
      setIsBusy(false);
      void queries.invalidateQueries({ queryKey: ["devices"] });
    }
  }
  const ask = () => run(async () => ({ of: "asking", answer: await allowNotifications() }));
  const again = () => run(async () => ({ of: "asking", answer: await subscribe() }));
  const test = () => run(async () => ({ of: "test", answer: await runTest(deviceId ?? "", facts.endpoint ?? "") }));
  const isTestNext = step === "test" || step === "test_again";

  return (
    <div className={styles["step"]}>
      {step ? <p className={styles["todo"]}>{stepWords(step)}</p> : null}
      {step === "allow" ? (
        <>
          <p className={styles["soft"]}>
            <Trans>Your browser will ask you. We only send alarms, and a note when a device needs you.</Trans>
          </p>
          <Button look="primary" isBig disabled={isBusy} onClick={() => void ask()}>
            <Trans>Turn on notifications</Trans>
          </Button>
        </>
      ) : null}
      {step === "subscribe" ? (
        <Button look="primary" isBig disabled={isBusy} onClick={() => void again()}>
          <Trans>Turn on notifications</Trans>
        </Button>
      ) : null}
      {canTest ? (
        <Button look={isTestNext ? "primary" : "secondary"} isBig={isTestNext} disabled={isBusy} onClick={() => void test()}>
          <SendIcon />
          {isBusy ? t`Waiting for the test…` : t`Send a test`}
        </Button>
      ) : null}
      <p role="status" className={styles["outcome"]}>
        {came ? <CameWords came={came} /> : null}
      </p>
    </div>
  );
}

function CameWords({ came }: { readonly came: Came }) {
  if (came.of === "test") {
    const test = came.answer;
    switch (test.type) {
      case "shown": {
        const milliseconds = Math.round(test.latencyMs);
        return <Trans>It works. The test was shown after {milliseconds} ms.</Trans>;
      }
      case "not_shown":
        return <Trans>The test was sent, and did not appear within 15 seconds.</Trans>;
      case "not_taken":
        return <Trans>The test could not be delivered. Turn notifications on again, then repeat it.</Trans>;
      case "offline":
        return <Trans>The server cannot be reached now. Try again when you are online.</Trans>;
    }
  }
  switch (came.answer) {
    case "on":
      return <Trans>Notifications are on.</Trans>;
    case "denied":
      return <Trans>The browser said no. You can change that in its settings for this site.</Trans>;
    case "undecided":
      return <Trans>Nothing was changed. You can turn them on at any time.</Trans>;
    case "no_push_service":
      return <Trans>The browser could not reach its notification service. Try again later.</Trans>;
    case "offline":
      return <Trans>The server cannot be reached now. Try again when you are online.</Trans>;
  }
}
