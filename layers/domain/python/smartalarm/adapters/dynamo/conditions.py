"""The conditions under which an item may be written, each as the sentence it stands for."""

from datetime import datetime

from pynamodb.expressions.condition import And, Condition, Or
from pynamodb.expressions.operand import Path

from smartalarm.adapters.dynamo.rows import instant, number, owner_lookup, text
from smartalarm.ports import Timer


class _Attributes:
    """The attributes that conditions speak of."""

    pk, sk = Path("PK"), Path("SK")
    changed = Path("changed")
    deleted = Path("deleted")
    due_at = Path("due_at")
    expires_at = Path("expires_at")
    handed_at = Path("handed_at")
    lookup = Path("lookup")
    purpose = Path("purpose")
    revision = Path("revision")
    seq = Path("seq")
    spent = Path("spent")
    taker = Path("taker")
    version = Path("version")


its = _Attributes()


def is_absent() -> Condition:
    """There is no such item."""
    return its.pk.does_not_exist()


def is_live_user() -> Condition:
    """A root that was made and not spent."""
    return its.seq.exists()


def is_at_seq(seq: int) -> Condition:
    """A root where nobody committed since we read it; a spent one has no seq."""
    return its.seq == number(seq)


def is_at_version(version: int) -> Condition:
    """A document or claim at exactly this version; 0: there is none."""
    return its.version == number(version) if version else is_absent()


def is_live() -> Condition:
    """Not a tombstone."""
    return its.deleted.does_not_exist()


def stands(timer: Timer) -> Condition:
    """The timer's guard: same instant, same revision."""
    return And(its.due_at == instant(timer.due_at), its.revision == number(timer.revision))


def is_owned_by(owner: str) -> Condition:
    """A claim of this owner."""
    return its.lookup == text(owner_lookup(owner))


def has_expired(now: datetime) -> Condition:
    """Past its expiry."""
    return its.expires_at <= instant(now)


def holds(now: datetime) -> Condition:
    """There, and not past its expiry."""
    return And(its.pk.exists(), Or(its.expires_at.does_not_exist(), its.expires_at > instant(now)))


def is_free(now: datetime) -> Condition:
    """Absent or past its expiry."""
    return Or(is_absent(), has_expired(now))


def starts_with(prefix: str) -> Condition:
    """A sort key below this prefix."""
    return its.sk.startswith(prefix)
