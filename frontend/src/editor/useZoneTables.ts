// The zone tables that are stored, and that of a zone which is only just being chosen, asked of the server.
import { useEffect, useMemo, useState } from "react";
import type { Clock } from "../alarms/useClock";
import type { ZoneTable } from "../replica/types";
import { api } from "../session/api";
import { isZoneName } from "./zoneNames";

type Tables = Readonly<Record<string, ZoneTable>>;

/** Without a connection the new one stays unknown; it comes with the next pull after the alarm was saved. */
export function useZoneTables({ zones }: Pick<Clock, "zones">, name: string | null): Tables {
  const [asked, setAsked] = useState<Tables>({});
  const isMissing = name !== null && !(name in zones) && !(name in asked) && isZoneName(name);
  useEffect(() => {
    if (!isMissing) return;
    let isStale = false;
    api
      .GET("/api/v1/sync/pull", { params: { query: { cursor: "0", limit: 1, zone: name } } })
      .then(({ data }) => {
        const table = data?.zones[name];
        if (table && !isStale) setAsked((known) => ({ ...known, [name]: table as unknown as ZoneTable }));
      })
      .catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [isMissing, name]);
  return useMemo(() => ({ ...asked, ...zones }), [asked, zones]);
}
