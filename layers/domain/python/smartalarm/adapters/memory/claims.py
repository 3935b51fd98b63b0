"""Claims in memory, their values as text, so that no caller shares them."""

from dataclasses import dataclass
from datetime import datetime

from smartalarm.ports import Claim, ClaimChange
from smartalarm.storage.jsontext import json_to_text, text_to_json


@dataclass(frozen=True, slots=True)
class _Row:
    owner: str
    text: str
    expires_at: datetime | None
    version: int

    def is_free(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


def claim_to_text(change: ClaimChange) -> str | None:
    """The value as text, None for a release; done before anything is changed, because it may raise."""
    return None if change.value is None else json_to_text(change.value)


class ClaimBook:
    """All claims. Not thread-safe: the store holds its lock."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def find(self, key: str, now: datetime) -> Claim | None:
        """The claim, unless absent or expired."""
        return self.stored(key) if self.version(key, now) else None

    def stored(self, key: str) -> Claim:
        """The claim as it is stored, expired or not."""
        row = self._rows[key]
        return Claim(key, row.owner, text_to_json(row.text), row.expires_at, row.version)

    def version(self, key: str, now: datetime) -> int | None:
        """Its version, None when absent or expired."""
        row = self._rows.get(key)
        return None if row is None or row.is_free(now) else row.version

    def put(self, change: ClaimChange, text: str | None, now: datetime) -> None:
        """Take, change or, without a text, release."""
        if text is None:
            self._rows.pop(change.key, None)
        else:
            version = self.version(change.key, now) or 0
            self._rows[change.key] = _Row(change.owner, text, change.expires_at, version + 1)

    def remove(self, key: str) -> None:
        """Drop it."""
        del self._rows[key]

    def remove_owned(self, owner: str) -> None:
        """Drop all of an owner's."""
        for key in [key for key, row in self._rows.items() if row.owner == owner]:
            del self._rows[key]

    def purge(self, *, now: datetime, limit: int) -> int:
        """Drop expired ones, at most `limit`; how many."""
        expired = [key for key, row in self._rows.items() if row.is_free(now)][:limit]
        for key in expired:
            del self._rows[key]
        return len(expired)
