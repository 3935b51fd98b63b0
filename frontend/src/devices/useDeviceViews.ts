// What the server knows of each device beyond what is synced: who is connected, when each was seen, how it is doing.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered } from "../api/queries";
import type { DeviceView } from "../api/types";
import { api } from "../session/api";

const LOOK_EVERY_MS = 30_000;

export interface DeviceViews {
  /** Null until the server answered once. */
  readonly views: ReadonlyMap<string, DeviceView> | null;
  /** The server cannot be asked now. */
  readonly isStale: boolean;
}

/** `ids` are the devices shown: when another one appears, the server is asked about it at once. */
export function useDeviceViews(ids: readonly string[]): DeviceViews {
  const query = useQuery({
    queryKey: ["devices", ids.toSorted().join()],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/devices", { params: { query: { limit: 50 } }, signal })),
    select: (page) => new Map(page.items.map((device) => [device.id, device] as const)),
    refetchInterval: LOOK_EVERY_MS,
    retry: 1,
  });
  return { views: query.data ?? null, isStale: query.isError };
}
