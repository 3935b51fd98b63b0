// Whether an alarm ended the night, with the way to its ledger.
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { answered } from "../api/queries";
import { routeToPath } from "../app/router";
import { api } from "../session/api";
import { reasonInWords } from "../today/reasons";
import { Card, Row, Rows } from "../ui/Card";
import { formatTime } from "../ui/clock";
import { AlarmIcon } from "../ui/icons";
import { useClockStyle } from "../ui/preferences";
import { minutesText } from "./figures";
import { stageInWords } from "./stageWords";
import type { SleepSession } from "./types";

/** A ring this long after the last half minute still ended the night. */
const AFTER_MS = 30 * 60_000;

export function Rang({ night }: { readonly night: SleepSession }) {
  const { t, i18n } = useLingui();
  const clock = useClockStyle();
  const to = new Date(Date.parse(night.end) + AFTER_MS).toISOString();
  const rings = useQuery({
    queryKey: ["sleep", "rings", night.id, to],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/occurrences", { params: { query: { from: night.start, to, limit: 20 } }, signal })),
  });
  const rang = rings.data?.items.filter((ring) => ring.ring_count > 0) ?? [];
  if (rang.length === 0) return null;

  /** Why it rang before its time, or why it ended as it did. */
  function detail({ early, reason }: (typeof rang)[number]): string | undefined {
    if (early === null) return reason === null ? undefined : reasonInWords(i18n, reason);
    const [length, stage] = [minutesText(early.minutes_early), stageInWords(i18n, early.stage)];
    return t`Smart wake rang ${length} before that. Stage: ${stage}`;
  }

  return (
    <Card title={<Trans>What rang</Trans>}>
      <Rows>
        {rang.map((ring) => (
          <Row
            key={ring.id}
            icon={<AlarmIcon />}
            href={routeToPath({ screen: "history", occurrenceId: ring.id })}
            title={`${formatTime(ring.local, clock)} · ${ring.label}`}
            detail={detail(ring)}
          />
        ))}
      </Rows>
    </Card>
  );
}
