// The shortcuts in words.
import { Trans, useLingui } from "@lingui/react/macro";
import styles from "./ShortcutList.module.css";

export function ShortcutList() {
  const { t } = useLingui();
  const list: readonly (readonly [keys: readonly string[], words: string])[] = [
    [["n"], t`New alarm`],
    [["/"], t`Search alarms`],
    [["g", "t"], t`Today`],
    [["g", "a"], t`Alarms`],
    [["g", "h"], t`History`],
    [["g", "d"], t`Devices`],
    [["g", "s"], t`Settings`],
    [["g", "b"], t`Bedside`],
    [["g", "z"], t`Sleep`],
    [["?"], t`This list`],
  ];
  return (
    <dl className={styles["list"]}>
      {list.map(([keys, words]) => (
        <div key={words} className={styles["row"]}>
          <dt>{words}</dt>
          <dd>
            {keys.map((key, index) => (
              <span key={key}>
                {index > 0 ? (
                  <>
                    {" "}
                    <Trans>then</Trans>{" "}
                  </>
                ) : null}
                <kbd className={styles["key"]}>{key}</kbd>
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
