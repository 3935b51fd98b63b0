"""Every hour: remove what has expired and the store does not remove by itself."""

from smartalarm.function import entrypoints, schedule
from smartalarm.ports import Clock, Store

CHUNK = 1000
MAX_CHUNKS = 100


@schedule("rate(1 hour)", timeout_seconds=120)
def purge_expired(*, store: Store, clock: Clock) -> None:
    """Purge expired documents, claims and counters."""
    for _ in range(MAX_CHUNKS):
        if store.purge(now=clock.now(), limit=CHUNK) < CHUNK:
            return


aws, gcp, oci = entrypoints(purge_expired)
