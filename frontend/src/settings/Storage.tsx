// What lies on this device, and whether the browser may throw it away.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { useSyncState } from "../replica/hooks";
import { Button } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { toast } from "../ui/toasts";
import styles from "./Settings.module.css";

interface Kept {
  readonly isSafe: boolean;
  readonly usedBytes: number | null;
}

export function Storage() {
  const { t, i18n } = useLingui();
  const { unsent } = useSyncState();
  const [kept, setKept] = useState<Kept | null>(null);
  useEffect(() => {
    void readKept().then(setKept);
  }, []);
  if (!kept) return null;

  async function keepSafe(): Promise<void> {
    const isSafe = await navigator.storage.persist();
    setKept(await readKept());
    if (!isSafe) toast(t`The browser decides this itself. Putting the app on the home screen helps.`);
  }

  const megabytes = (kept.usedBytes ?? 0) / 1_000_000;
  const used = new Intl.NumberFormat(i18n.locale, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: megabytes < 10 ? 1 : 0,
  }).format(megabytes);
  return (
    <Card title={<Trans>On this device</Trans>}>
      <Rows>
        {kept.usedBytes === null ? null : <Row title={<Trans>Space used</Trans>} end={used} />}
        <Row
          title={<Trans>Your data here</Trans>}
          detail={
            kept.isSafe ? (
              <Trans>The browser keeps them until you remove them.</Trans>
            ) : unsent === 0 ? (
              <Trans>The browser may remove them when space gets short. The server has them all the same.</Trans>
            ) : (
              <>
                <Trans>The browser may remove them when space gets short.</Trans>{" "}
                <Plural
                  value={unsent}
                  one="# change waits here to be sent; only that would be lost. The server has all the rest."
                  other="# changes wait here to be sent; only those would be lost. The server has all the rest."
                />
              </>
            )
          }
        />
      </Rows>
      {kept.isSafe ? null : (
        <div className={styles["actions"]}>
          <Button onClick={() => void keepSafe()}>
            <Trans>Keep data safe on this device</Trans>
          </Button>
        </div>
      )}
    </Card>
  );
}

/** Null where the browser does not tell: an insecure address. */
async function readKept(): Promise<Kept | null> {
  if (!("storage" in navigator)) return null;
  try {
    const [isSafe, estimate] = await Promise.all([navigator.storage.persisted(), navigator.storage.estimate()]);
    return { isSafe, usedBytes: estimate.usage ?? null };
  } catch {
    return null;
  }
}
