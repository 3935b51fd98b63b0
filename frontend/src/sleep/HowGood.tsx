// How far the estimate can be trusted, by the card of the model that is built in: no figure here is written by hand.
import { Trans, useLingui } from "@lingui/react/macro";
import { metrics, stages } from "../../../models/sleep-night.json";
import { Card } from "../ui/Card";
import { percentText } from "./figures";
import styles from "./Sleep.module.css";
import { stageInWords } from "./stageWords";
import { STAGES } from "./types";

export function HowGood() {
  const { t, i18n } = useLingui();
  const nights = metrics.nights;
  return (
    <Card>
      <details className={styles["details"]}>
        <summary>
          <Trans>How good is the estimate?</Trans>
        </summary>
        <p>
          <Trans>
            It was compared with {nights} nights in a sleep laboratory, each night unknown to it. This share of the half
            minutes it called as the laboratory did:
          </Trans>
        </p>
        <table className={styles["shares"]}>
          <caption className="visually-hidden">{t`How often the estimate agrees with a sleep laboratory`}</caption>
          <tbody>
            {STAGES.map((stage) => {
              const row = stages.indexOf(stage);
              return (
                <tr key={stage}>
                  <th scope="row">{stageInWords(i18n, stage)}</th>
                  <td>{percentText(metrics.confusion[row]?.[row] ?? 0, i18n.locale)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <ul className={styles["facts"]}>
          <li>
            <Trans>Nights differ a lot: some are told much better than this, some much worse.</Trans>
          </li>
          <li>
            <Trans>The figure after ± says how far off it was in 95 of 100 of those nights.</Trans>
          </li>
          <li>
            <Trans>
              They were nights of healthy adults with a watch. Your body and your device may differ. A mattress is not a
              wrist.
            </Trans>
          </li>
          <li>
            <Trans>Lying awake without moving looks like sleep, so the time asleep is often a little too long.</Trans>
          </li>
          <li>
            <Trans>It is there to look at, not to find or rule out an illness.</Trans>
          </li>
        </ul>
      </details>
    </Card>
  );
}
