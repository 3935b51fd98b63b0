// Records that could not be read: where they stand and what is wrong. The others are not touched by it.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Card } from "../ui/Card";
import styles from "./Importing.module.css";
import { problemInWords } from "./problemWords";
import type { Problems } from "./sleepRecords";

export function ProblemsFound({ problems }: { readonly problems: Problems }) {
  const { i18n } = useLingui();
  if (problems.count === 0) return null;
  const more = problems.count - problems.first.length;
  return (
    <Card
      tone="warn"
      title={plural(problems.count, { one: "# record could not be read", other: "# records could not be read" })}
    >
      <p>
        <Trans>That is left out. All else is fine.</Trans>
      </p>
      <details className={styles["details"]} open={problems.count <= 3}>
        <summary>
          <Trans>Details</Trans>
        </summary>
        <ul className={styles["problems"]}>
          {problems.first.map(({ code, line, written }, index) => (
            <li key={index}>
              <span className={styles["line"]}>
                <Trans>Line {line}</Trans>
              </span>{" "}
              {problemInWords(i18n, code)}
              {written === null ? null : (
                <>
                  {" "}
                  <code className={styles["written"]}>{written}</code>
                </>
              )}
            </li>
          ))}
        </ul>
        {more > 0 ? <p>{plural(more, { one: "And # more.", other: "And # more." })}</p> : null}
      </details>
    </Card>
  );
}
