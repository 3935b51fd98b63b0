// The past, newest first, by day; more of it on request.
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClock } from "../alarms/useClock";
import { answered } from "../api/queries";
import { routeToPath } from "../app/router";
import type { OccurrenceFields } from "../replica/types";
import { api } from "../session/api";
import { reasonInWords } from "../today/reasons";
import { Button } from "../ui/Button";
import { Card, Row, Rows } from "../ui/Card";
import { EmptyState } from "../ui/EmptyState";
import { HistoryIcon, OfflineIcon } from "../ui/icons";
import { useNow } from "../ui/now";
import { Progress } from "../ui/Progress";
import { RadioGroup } from "../ui/RadioGroup";
import { Screen } from "../ui/Screen";
import { byDay } from "./byDay";
import { StateBadge } from "./StateBadge";

const PAGE = 50;

type Shown = "all" | "dismissed" | "missed" | "skipped";

export function HistoryList() {
  const { t } = useLingui();
  const [shown, setShown] = useState<Shown>("all");
  const history = useInfiniteQuery({
    queryKey: ["history", shown],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...(shown === "all" ? {} : { state: shown }),
        ...(pageParam ? { after: pageParam } : {}),
      };
      return answered(api.GET("/api/v1/occurrences", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next,
  });
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Screen title={t`History`}>
      <RadioGroup
        label={t`Show`}
        isLabelHidden
        choices={[
          { value: "all", label: t`All` },
          { value: "dismissed", label: t`Answered` },
          { value: "missed", label: t`Missed` },
          { value: "skipped", label: t`Skipped` },
        ]}
        value={shown}
        onChoose={setShown}
      />
      {history.isPending ? <Progress /> : null}
      {history.isError ? <Unreachable onRetry={() => void history.refetch()} /> : null}
      {history.isSuccess && items.length === 0 ? <Empty shown={shown} /> : null}
      <Days items={items} />
      {history.hasNextPage ? (
        <Button onClick={() => void history.fetchNextPage()} disabled={history.isFetchingNextPage}>
          <Trans>Show older ones</Trans>
        </Button>
      ) : null}
    </Screen>
  );
}

type Item = OccurrenceFields & { readonly id: string };

function Days({ items }: { readonly items: readonly Item[] }) {
  const { i18n } = useLingui();
  const clock = useClock();
  const now = useNow(60_000);
  return byDay(items).map(([day, rings]) => (
    <Card key={day} title={clock.day(day, now)}>
      <Rows>
        {rings.map((ring) => (
          <Row
            key={ring.id}
            href={routeToPath({ screen: "history", occurrenceId: ring.id })}
            title={`${clock.time(ring.local)} · ${ring.label}`}
            detail={ring.reason === null ? undefined : reasonInWords(i18n, ring.reason)}
            end={<StateBadge state={ring.state} />}
          />
        ))}
      </Rows>
    </Card>
  ));
}

function Empty({ shown }: { readonly shown: Shown }) {
  const { t } = useLingui();
  return shown === "all" ? (
    <EmptyState icon={<HistoryIcon />} title={t`Nothing has rung yet`}>
      <Trans>After your first alarm you can see here what happened, second by second.</Trans>
    </EmptyState>
  ) : (
    <EmptyState icon={<HistoryIcon />} title={t`Nothing like that so far`} />
  );
}

/** History lies on the server: without a connection there is only what Today shows. */
export function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={<OfflineIcon />}
      title={t`No connection to the server`}
      action={
        <Button look="primary" onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Trans>History is kept on the server. Your alarms work without it.</Trans>
    </EmptyState>
  );
}
