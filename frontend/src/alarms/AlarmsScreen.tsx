// All alarms, the next to ring first: switch, look for, choose several, duplicate, delete. Whatever is done can be undone.
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { startTransition, useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { useAll, useSyncState } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { Shown } from "../replica/types";
import { Button, LinkButton } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { AlarmIcon } from "../ui/icons";
import { AddIcon, SearchIcon } from "../ui/moreIcons";
import { useNow } from "../ui/now";
import { useIsSimplified } from "../ui/preferences";
import { Screen } from "../ui/Screen";
import { undoToast } from "./undoToast";
import { restoreEnabled, setDeleted, setEnabled } from "./actions";
import { AlarmRow } from "./AlarmRow";
import styles from "./AlarmsScreen.module.css";
import { BulkBar } from "./BulkBar";
import { categoryInWords } from "./categories";
import { ListTools } from "./ListTools";
import { hasFilters, listView, NO_FILTERS, type Filters } from "./listView";
import { MoreDialog } from "./MoreDialog";
import { useClock } from "./useClock";
import { useNextRings } from "./useNextRings";

/** So many rows stand at once; hundreds more follow a moment later, without holding anything up. */
const FIRST = 25;
/** Fewer than this are seen at a glance: no search, no choosing. */
const MANY = 4;

export default function AlarmsScreen() {
  const { t } = useLingui();
  const alarms = useAll("alarm");
  const pulledAt = useSyncState().pulledAt;
  return (
    <Screen
      title={t`Alarms`}
      action={
        <LinkButton look="primary" href="/alarms/new">
          <AddIcon />
          <Trans>New alarm</Trans>
        </LinkButton>
      }
    >
      {alarms === null ? null : alarms.length > 0 ? (
        <List alarms={alarms} />
      ) : pulledAt === null ? (
        <p role="status">
          <Trans>Getting your alarms…</Trans>
        </p>
      ) : (
        <EmptyState icon={<AlarmIcon />} title={<Trans>No alarms yet</Trans>}>
          <Trans>Your alarms will stand here, the next one first.</Trans>
        </EmptyState>
      )}
    </Screen>
  );
}

function List({ alarms }: { readonly alarms: readonly Shown<"alarm">[] }) {
  const { t, i18n } = useLingui();
  const clock = useClock();
  const isSimplified = useIsSimplified();
  const now = useNow(60_000);
  const today = clock.local(now).slice(0, 10);
  const [filters, setFilters] = useState<Filters>(filtersOfAddress);
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [moreId, setMoreId] = useState<string | null>(null);
  const nextRings = useNextRings(alarms, clock, now);
  const searched = useDeferredValue(filters);
  const shown = useMemo(
    () => listView(alarms, nextRings, searched, (category) => categoryInWords(i18n, category)),
    [alarms, nextRings, searched, i18n],
  );
  const more = moreId === null ? undefined : alarms.find((alarm) => alarm.id === moreId);
  const chosenAlarms = shown.filter((alarm) => chosen?.has(alarm.id));
  const hasTools = !isSimplified && (alarms.length >= MANY || hasFilters(filters));

  const [areAllDrawn, setAreAllDrawn] = useState(false);
  useEffect(() => startTransition(() => setAreAllDrawn(true)), []);
  const drawn = areAllDrawn ? shown : shown.slice(0, FIRST);

  const choose = useCallback((id: string, isChosen: boolean) => {
    setChosen((before) => {
      const after = new Set(before);
      if (isChosen) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const nowLocal = useCallback((zone: string | null) => clock.local(replica.now(), zone), [clock]);
  const switchOne = useCallback(
    (id: string, enabled: boolean) => {
      const alarm = replica.all("alarm")?.find((one) => one.id === id);
      if (alarm) void setEnabled([alarm], enabled, nowLocal);
    },
    [nowLocal],
  );

  const remove = (removed: readonly Shown<"alarm">[]) => {
    const ids = removed.map((alarm) => alarm.id);
    void setDeleted(ids, true);
    const [first] = removed;
    const label = first?.fields.label ?? "";
    const text =
      ids.length === 1
        ? t`Deleted: ${label}`
        : t`${plural(ids.length, { one: "# alarm deleted", other: "# alarms deleted" })}`;
    undoToast(text, { label: t`Undo`, run: () => void setDeleted(ids, false) });
    setMoreId(null);
    setChosen((before) => before && new Set());
  };
  const switchChosen = (enabled: boolean) => {
    const ids = chosenAlarms.map((alarm) => alarm.id);
    void setEnabled(chosenAlarms, enabled, nowLocal);
    const text = enabled
      ? t`${plural(ids.length, { one: "# alarm switched on", other: "# alarms switched on" })}`
      : t`${plural(ids.length, { one: "# alarm switched off", other: "# alarms switched off" })}`;
    undoToast(text, { label: t`Undo`, run: () => void restoreEnabled(chosenAlarms) });
  };
  const isEveryone = shown.length > 0 && chosenAlarms.length === shown.length;

  return (
    <>
      {hasTools ? <ListTools alarms={alarms} filters={filters} onChange={setFilters} /> : null}
      {chosen ? (
        <BulkBar
          count={chosenAlarms.length}
          isEveryone={isEveryone}
          onEveryone={() => setChosen(new Set(isEveryone ? [] : shown.map((alarm) => alarm.id)))}
          onSwitch={switchChosen}
          onDelete={() => remove(chosenAlarms)}
          onDone={() => setChosen(null)}
        />
      ) : hasTools ? (
        <div className={styles["over"]}>
          <p role="status">{t`${plural(shown.length, { one: "# alarm", other: "# alarms" })}`}</p>
          <Button look="quiet" onClick={() => setChosen(new Set())}>
            <Trans>Choose several</Trans>
          </Button>
        </div>
      ) : null}
      {shown.length > 0 ? (
        <ul className={styles["list"]}>
          {drawn.map((alarm) => (
            <AlarmRow
              key={alarm.id}
              alarm={alarm}
              next={nextRings.get(alarm.id)}
              clock={clock}
              today={today}
              isChosen={chosen?.has(alarm.id)}
              onChoose={choose}
              onSwitch={switchOne}
              onMore={setMoreId}
            />
          ))}
        </ul>
      ) : (
        <EmptyState
          icon={<SearchIcon />}
          title={<Trans>No alarm matches</Trans>}
          action={
            <Button onClick={() => setFilters(NO_FILTERS)}>
              <Trans>Show all alarms</Trans>
            </Button>
          }
        >
          <Trans>Try fewer words or another filter.</Trans>
        </EmptyState>
      )}
      {more ? <MoreDialog alarm={more} onDelete={() => remove([more])} onClose={() => setMoreId(null)} /> : null}
    </>
  );
}

/** Today leads here with `?show=off`. */
function filtersOfAddress(): Filters {
  const show = new URLSearchParams(location.search).get("show");
  return show === "on" || show === "off" ? { ...NO_FILTERS, show } : NO_FILTERS;
}
