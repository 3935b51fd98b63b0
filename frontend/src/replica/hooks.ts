// How screens read and write what is synced. Reads come from IndexedDB alone; writes land there and show at once.
import { useSyncExternalStore } from "react";
import { replica } from "./replica";
import type { Kind, Shown, SyncState, ZoneTable } from "./types";

/** All live entities of a kind, pending edits included; null until they were read from the disk. */
export function useAll<K extends Kind>(kind: K): readonly Shown<K>[] | null {
  return useSyncExternalStore(
    (listener) => replica.subscribe(kind, listener),
    () => replica.all(kind),
  );
}

/** One entity, or undefined when there is none; null until the kind was read from the disk. */
export function useOne<K extends Kind>(kind: K, id: string): Shown<K> | undefined | null {
  const all = useAll(kind);
  return all === null ? null : all.find((one) => one.id === id);
}

/** The offset tables of the zones in use, by name. */
export function useZones(): Readonly<Record<string, ZoneTable>> {
  return useSyncExternalStore(
    (listener) => replica.subscribe("zones", listener),
    () => replica.zones(),
  );
}

export function useSyncState(): SyncState {
  return useSyncExternalStore(
    (listener) => replica.subscribe("state", listener),
    () => replica.state(),
  );
}
