"""What a commit does to what is stored: the part of `Store.commit` that is the same in every adapter, free of any I/O."""

from collections.abc import Mapping
from datetime import datetime

from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import ClaimChange, Commit, Committed, Document, Timer

NO_VERSIONS: Mapping[tuple[str, str], int] = {}
NO_GUARDS: Mapping[str, tuple[datetime, int]] = {}
NO_CLAIMS: Mapping[str, int] = {}


def settle(
    commit: Commit,
    seq: int,
    *,
    versions: Mapping[tuple[str, str], int] = NO_VERSIONS,
    guards: Mapping[str, tuple[datetime, int]] = NO_GUARDS,
    claims: Mapping[str, int] = NO_CLAIMS,
) -> Committed:
    """What the commit makes of a user at `seq`, given what is stored under the names it touches.

    `versions`: per (kind, id) the stored version, tombstones included. `guards`: per timer id its (due_at, revision).
    `claims`: per key the version of a claim that has not expired. Raises Conflict.
    """
    for change in commit.timers:
        if change.expected is not None and guards.get(change.id) != (change.expected.due_at, change.expected.revision):
            raise lost_timer(change.expected)
    for claim in commit.claims:
        check_claim(claim, claims.get(claim.key))
    if not commit.writes:
        return Committed(seq, ())
    seq += 1
    documents = []
    for put in commit.writes:
        version = versions.get((put.kind, put.id), 0)
        if put.expected is not None and put.expected != version:
            raise Conflict("It was changed meanwhile", code="stale_version")
        documents.append(Document(commit.user, put.kind, put.id, version + 1, seq, put.fields, put.deleted, put.expires_at))
    return Committed(seq, tuple(documents))


def check_claim(change: ClaimChange, version: int | None) -> None:
    """Raise Conflict unless the change may be made to a claim at this version (None: free)."""
    if change.expected is not None and change.expected != (version or 0):
        raise lost_claim()


def lost_timer(timer: Timer) -> Conflict:
    """The error for a timer that does not stand any more."""
    return Conflict(f"The {timer.purpose} timer was moved meanwhile", code="lost_timer")


def lost_claim() -> Conflict:
    """The error for a claim somebody else holds or changed. Keys may hold addresses, so it names none."""
    return Conflict("Somebody else was first", code="lost_claim")


def no_such_user() -> NotFound:
    """The error for a user that never was or is erased."""
    return NotFound("There is no such account", code="no_such_user")


def user_exists() -> Conflict:
    """The error for creating a user whose id is in use or spent."""
    return Conflict("This account exists already", code="user_exists")


def is_storable(text: str) -> bool:
    """Whether every backend can hold the text as a name: no NUL (PostgreSQL), no lone surrogate (UTF-8)."""
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
