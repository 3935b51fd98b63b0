"""History: what rang, what was skipped and what was missed, newest first."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.accounts.profiles import check_account
from smartalarm.instants import instant_to_compact
from smartalarm.ports import Store
from smartalarm.ringing.occurrence import Occurrence, OccurrenceView, State

MAX_PAGES_READ: Final = 20


class OccurrencePage(BaseModel):
    """Some occurrences, and the cursor of the next page. With filters a page may hold fewer than asked for."""

    model_config = ConfigDict(frozen=True)

    items: tuple[OccurrenceView, ...]
    next: str | None


class History:
    """Reads a user's past."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self,
        user: str,
        *,
        from_at: datetime | None,
        to_at: datetime | None,
        alarm_id: str | None,
        state: State | None,
        after: str | None,
        limit: int,
    ) -> OccurrencePage:
        """Occurrences between the instants (both inclusive). Test pushes are no history."""
        # Occurrences lie on whole seconds; "~" is past all of those at one.
        first = f"{instant_to_compact(from_at)}{'~' if from_at.microsecond else ''}" if from_at else None
        last = f"{instant_to_compact(to_at)}:~" if to_at else None
        for _ in range(MAX_PAGES_READ):
            page = self._store.page(user, "occurrence", after=after, limit=limit, newest_first=True, first=first, last=last)
            found = [Occurrence.from_document(document) for document in page.items]
            items = tuple(
                OccurrenceView.of(one)
                for one in found
                if one.alarm_id is not None and alarm_id in {None, one.alarm_id} and state in {None, one.state}
            )
            after = page.next
            if items or after is None:
                break
        if not items:
            check_account(self._store, user)
        return OccurrencePage(items=items, next=after)
