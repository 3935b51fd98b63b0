"""Retelling: the socket messages that tell how occurrences stand now, read from the store."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from smartalarm.ports import Clock, Store
from smartalarm.ringing.notices import ring_message, stop_message
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.ringing.tellings import Telling
from smartalarm.ringing.timers import LADDER, WATCH
from smartalarm.ringing.told import PokeMessage
from smartalarm.ringing.updates import Updates

Message = dict[str, Any]
PAGE: Final = 2_000
MOST_PAGES: Final = 500


class Retelling:
    """Reads and words; sends nothing."""

    def __init__(self, store: Store, updates: Updates, clock: Clock) -> None:
        self._store = store
        self._updates = updates
        self._clock = clock

    def messages(self, tellings: Sequence[Telling]) -> list[Message | None]:
        """The message of each, in order; None where it holds no longer: a ring that ended, an end that rings again."""
        found = self._updates.read(list({(one.user, one.occurrence_id): None for one in tellings if one.kind != "poke"}))
        words: dict[tuple[str, str, str, int], Message | None] = {}
        messages: list[Message | None] = []
        for one in tellings:
            key = (one.kind, one.user, one.occurrence_id, one.rung)
            if one.kind == "poke":
                messages.append(PokeMessage(cursor=one.occurrence_id).to_json())
                continue
            if key not in words:  # one dict for all connections of a user, so that it becomes text once
                stored = found.get((one.user, one.occurrence_id))
                words[key] = _message(one, stored.occurrence) if stored else None
            messages.append(words[key])
        return messages

    def whose_rings(self) -> set[str]:
        """Users for whom something may ring now."""
        users: list[str] = []
        for _ in range(MOST_PAGES):
            page = self._store.users_with_timers(LADDER, after=users[-1] if users else None, limit=PAGE)
            users += page
            if len(page) < PAGE:
                break
        return set(users)

    def ringing(self, user: str) -> list[Message]:
        """`ring` for everything that rings now: whoever connects meanwhile hears it, too."""
        live = {(user, timer.subject): timer for timer in self._store.timers(user) if timer.purpose == LADDER}
        ringing = [s.occurrence for s in self._updates.read(list(live)).values() if s.occurrence.state == "ringing"]
        now = self._clock.now()
        # Claimed, but not recorded as sent: it goes out this instant, or is on its way to a push service that hangs.
        return [
            ring_message(occurrence, rung=occurrence.rung)
            for occurrence in ringing
            if occurrence.released_at or live[user, occurrence.id].due_at - WATCH <= now
        ]

    def ended(self, user: str, occurrence_ids: Iterable[str]) -> list[Message]:
        """`stop` for those that do not ring any more."""
        found = self._updates.read([(user, occurrence_id) for occurrence_id in occurrence_ids]).values()
        return [stop_message(o, o.answered_by) for o in (stored.occurrence for stored in found) if _is_over(o)]


def _message(telling: Telling, occurrence: Occurrence) -> Message | None:
    if telling.kind == "ring":
        return ring_message(occurrence, rung=telling.rung) if occurrence.state == "ringing" else None
    return stop_message(occurrence, occurrence.answered_by) if _is_over(occurrence) else None


def _is_over(occurrence: Occurrence) -> bool:
    return occurrence.is_settled or occurrence.state == "snoozed"
