"""Recorded nights, erased: of one that was there stays for a while an id, so that its device hears of it."""

from datetime import datetime, timedelta
from typing import Final

from smartalarm.accounts.profiles import check_account
from smartalarm.instants import instant_to_compact
from smartalarm.ports import MAX_WRITES, Clock, Commit, Put, Store
from smartalarm.settings import Settings
from smartalarm.sleep.keeping import is_kept, read_recording, recording_key
from smartalarm.sleep.neighbours import session_of
from smartalarm.sleep.recorded import FEEDBACK, RECORDING, SUMMARY, Summary, summary_id
from smartalarm.sync.clock import KEPT_FOR

MOST_COMMITS: Final = 2000
_PAIRS: Final = MAX_WRITES // 2


class SleepEraser:
    """Erases one user's nights."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def delete(self, user: str, session_id: str, *, expected: int | None) -> None:
        """Erase one night. Its id stays spent for a while: what its device still sends is refused.

        Raises NotFound, Conflict when `expected` is given and not the current revision.
        """
        now = self._clock.now()
        found = self._store.read([recording_key(user, session_id)])
        recording, _ = read_recording(found, user, session_id, self._settings, now)
        writes = _erased(session_id, summary_id(session_id, recording.start), now, expected=expected)
        self._store.commit(Commit(user, now, writes=writes))

    def delete_all(self, user: str) -> None:
        """Erase all nights and whatever else is kept of the user's sleep."""
        now = self._clock.now()
        check_account(self._store, user)
        for _ in range(MOST_COMMITS):
            page = self._store.page(user, SUMMARY, limit=_PAIRS)
            if not page.items:
                break
            writes = tuple(put for document in page.items for put in _erased(session_of(document), document.id, now))
            self._store.commit(Commit(user, now, writes=writes))
        answers = self._store.page(user, FEEDBACK, limit=MAX_WRITES).items  # one for each kind at most
        if answers:
            gone = tuple(Put(FEEDBACK, document.id, {}, deleted=True, expires_at=now) for document in answers)
            self._store.commit(Commit(user, now, writes=gone))

    def erase_old(self, user: str) -> None:
        """Erase some nights that are past the limit of today but were stored under a longer one: their expiry is later.

        Whatever is left is hidden all the same, and goes with the next call.
        """
        now = self._clock.now()
        limit = instant_to_compact(now - timedelta(days=self._settings.ml_data_retention_days))
        oldest = self._store.page(user, SUMMARY, limit=_PAIRS, last=limit).items
        old = [one for one in oldest if not is_kept(one, Summary.from_document(one), self._settings, now)]
        writes = tuple(put for one in old for put in _erased(session_of(one), one.id, now, id_expires_at=now))
        if writes:
            self._store.commit(Commit(user, now, writes=writes))


def _erased(
    session_id: str, id_of_summary: str, now: datetime, *, expected: int | None = None, id_expires_at: datetime | None = None
) -> tuple[Put, Put]:
    """What stays of a night: for a while the id, a number its device drew, and for moments when it began."""
    return (
        Put(RECORDING, session_id, {}, deleted=True, expected=expected, expires_at=id_expires_at or now + KEPT_FOR),
        Put(SUMMARY, id_of_summary, {}, deleted=True, expires_at=now),
    )
