"""What somebody answered to a recommendation: one small document each, which no device holds, until it means nothing."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from smartalarm.instants import Instant, to_milliseconds
from smartalarm.ports import Commit, Document, Key, Put, Store
from smartalarm.sleep.recorded import FEEDBACK
from smartalarm.sleep.suggestions import KINDS, Kind

DISMISSED_FOR: Final = timedelta(days=30)


class Feedback(BaseModel):
    """One answer. `figures` are those of the recommendation when it was accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    answer: Literal["accepted", "dismissed"]
    at: Instant
    until: Instant
    figures: dict[str, float | str] = {}
    rests_on: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored answer."""
        return cls.model_validate({"kind": document.id, **document.fields})

    def to_fields(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return self.model_dump(mode="json", exclude={"kind"})


def read_feedback(store: Store, user: str, now: datetime) -> dict[Kind, Feedback]:
    """The answers that still count, by kind."""
    found = store.read([Key(user, FEEDBACK, kind) for kind in KINDS])
    live = [Feedback.from_document(document) for document in found.values() if not document.deleted]
    return {feedback.kind: feedback for feedback in live if feedback.until > now}


def keep_feedback(store: Store, user: str, feedback: Feedback) -> None:
    """Write one; an answer of before is replaced. Raises NotFound for a user who is gone."""
    put = Put(FEEDBACK, feedback.kind, feedback.to_fields(), expires_at=feedback.until)
    store.commit(Commit(user, feedback.at, writes=(put,)))


def forget_feedback(store: Store, user: str, kinds: tuple[Kind, ...], now: datetime) -> None:
    """Forget answers, if there are any: nothing of them is kept."""
    found = store.read([Key(user, FEEDBACK, kind) for kind in kinds])
    puts = tuple(
        Put(FEEDBACK, document.id, {}, deleted=True, expires_at=now) for document in found.values() if not document.deleted
    )
    if puts:
        store.commit(Commit(user, now, writes=puts))


def new_feedback(
    kind: Kind, answer: Literal["accepted", "dismissed"], now: datetime, keep_days: int, **said: Any
) -> Feedback:
    """An answer given now. What was accepted carries figures of nights, so it is kept no longer than nights are."""
    at = to_milliseconds(now)
    until = at + (DISMISSED_FOR if answer == "dismissed" else timedelta(days=keep_days))
    return Feedback(kind=kind, answer=answer, at=at, until=until, **said)
