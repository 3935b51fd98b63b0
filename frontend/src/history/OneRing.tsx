// One ring with its ledger: why did it ring, or why not?
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClock } from "../alarms/useClock";
import { answered, Refused } from "../api/queries";
import { useAll } from "../replica/hooks";
import type { OccurrenceFields } from "../replica/types";
import { api } from "../session/api";
import { reasonInWords } from "../today/reasons";
import { LinkButton } from "../ui/Button";
import { Card } from "../ui/Card";
import { BackIcon } from "../ui/moreIcons";
import { useNow } from "../ui/now";
import { Progress } from "../ui/Progress";
import { Screen } from "../ui/Screen";
import { Switch } from "../ui/Switch";
import { Unreachable } from "./HistoryList";
import { eventInWords, isMain, type Entry } from "./ledgerWords";
import styles from "./OneRing.module.css";
import { StateBadge } from "./StateBadge";

export function OneRing({ occurrenceId }: { readonly occurrenceId: string }) {
  const { t } = useLingui();
  const ring = useQuery({
    queryKey: ["occurrence", occurrenceId],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/v1/occurrences/{occurrence_id}", { params: { path: { occurrence_id: occurrenceId } }, signal }),
      ),
    refetchInterval: ({ state }) => (state.data?.state === "ringing" || state.data?.state === "snoozed" ? 3_000 : false),
  });
  return (
    <Screen title={ring.data?.label ?? t`What happened`}>
      <LinkButton look="quiet" href="/history" className={styles["back"]}>
        <BackIcon />
        <Trans>History</Trans>
      </LinkButton>
      {ring.isPending ? <Progress /> : null}
      {ring.error instanceof Refused ? (
        <p>{t`This ring is not here. Maybe it was erased, or the address is not whole.`}</p>
      ) : null}
      {ring.isError && !(ring.error instanceof Refused) ? <Unreachable onRetry={() => void ring.refetch()} /> : null}
      {ring.data ? <Summary ring={ring.data} /> : null}
      {ring.data ? <Ledger entries={ring.data.ledger} local={ring.data.local} /> : null}
    </Screen>
  );
}

function Summary({ ring }: { readonly ring: OccurrenceFields }) {
  const { i18n } = useLingui();
  const clock = useClock();
  const now = useNow(60_000);
  return (
    <Card>
      <p className={styles["when"]}>{clock.time(ring.local)}</p>
      <p>
        {clock.day(ring.local, now)} <StateBadge state={ring.state} />
      </p>
      {ring.reason === null ? null : <p>{reasonInWords(i18n, ring.reason)}</p>}
    </Card>
  );
}

function Ledger({ entries, local }: { readonly entries: readonly Entry[]; readonly local: string }) {
  const { t, i18n } = useLingui();
  const [isWhole, setWhole] = useState(false);
  const devices = useAll("device") ?? [];
  const shown = isWhole ? entries : entries.filter(isMain);
  const nameOf = (id: string | null) => (id === null ? null : (devices.find((one) => one.id === id)?.fields.name ?? null));
  return (
    <Card title={t`Step by step`}>
      {entries.length === 0 ? (
        <p>
          <Trans>Nothing is noted.</Trans>
        </p>
      ) : (
        <Switch label={t`Show every detail`} checked={isWhole} onChange={(event) => setWhole(event.target.checked)} />
      )}
      <ol className={styles["ledger"]}>
        {shown.map((entry, index) => (
          <li key={index} data-event={entry.event} className={styles["entry"]}>
            <time dateTime={entry.at} className={styles["at"]}>
              {isWhole ? timeAt(entry.at, local) : timeAt(entry.at, local).slice(0, 8)}
            </time>
            <span>
              {eventInWords(i18n, entry, nameOf(entry.device_id))}
              {isWhole ? <Detail entry={entry} local={local} /> : null}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** What else is noted: a time of the device's own clock as a wall time, whatever else as it stands in the ledger. */
function Detail({ entry, local }: { readonly entry: Entry; readonly local: string }) {
  const { i18n } = useLingui();
  const { detail } = entry;
  if (detail === null || detail === "socket" || detail === "push") return null;
  const own = /by its own clock at (\S+Z)/.exec(detail)?.[1];
  const time = own === undefined ? null : timeAt(own, local);
  return (
    <span className={styles["detail"]}>
      {time === null ? reasonInWords(i18n, detail) : <Trans>By its own clock at {time}</Trans>}
    </span>
  );
}

/** The wall time of an instant with milliseconds, by the offset that the ring's own local time had: 07:00:00.003. */
function timeAt(at: string, local: string): string {
  const offsetMs = Date.parse(`${local.slice(0, 19)}Z`) - Date.parse(local);
  return new Date(Date.parse(at) + offsetMs).toISOString().slice(11, 23);
}
