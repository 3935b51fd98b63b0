"""A recorded night as it is stored: what devices sent, by the session's id, and a summary, in the order of time.

A batch of epochs writes the first of the two alone; lists and patterns over many nights read the second alone.
"""

from array import array
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from smartalarm.instants import Instant, instant_to_compact
from smartalarm.ports import Document, Put, Stage
from smartalarm.sleep import stored
from smartalarm.sleep.analysis import Quality, Source
from smartalarm.sleep.metrics import EPOCH_SECONDS, NightMetrics

T = TypeVar("T")

RECORDING: Final = "sleep_signal"
SUMMARY: Final = "sleep_session"
FEEDBACK: Final = "recommendation_feedback"
"""Answers to recommendations; what was accepted carries figures of nights."""
EPOCH: Final = timedelta(seconds=EPOCH_SECONDS)
LONGEST: Final = timedelta(days=1)
ABANDONED_AFTER: Final = timedelta(hours=3)
"""Without an epoch for so long nobody is recording any more."""

State = Literal["recording", "finished"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    start: Instant
    source: Source
    time_zone: str
    device_id: str | None
    length: int = 0
    """One more than the last epoch that was sent."""
    received: int = 0
    stages_source: str | None = None
    """Who staged the night, when its device did."""

    @property
    def end(self) -> datetime:
        """When the last epoch that was sent ended."""
        return self.start + self.length * EPOCH


class Recording(_Kept):
    """What devices sent."""

    is_finished: bool = False
    finished_at: Instant | None = None
    """When it was finished last; also while more epochs keep it open again."""
    next_start: Instant | None = None
    """Where the night after it begins, as far as one was there when it was asked last."""
    batches: int = 0
    counts: str | None = None
    heart_rate: str | None = None
    stages: str | None = None
    """What the device that staged the night sent; our own stages are the summary's."""
    confidences: str | None = None
    """How sure the model was, by epoch."""

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored recording."""
        return cls.model_validate(document.fields)

    def to_put(self, session_id: str, *, expected: int, keep_days: int) -> Put:
        """The write of it; it expires `keep_days` after its end."""
        return Put(
            RECORDING, session_id, self.to_fields(), expected=expected, expires_at=self.end + timedelta(days=keep_days)
        )

    def to_fields(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def is_live(self, now: datetime) -> bool:
        """Whether it is still being recorded, so that its end is not known yet."""
        return not self.is_finished and not self.is_abandoned(now)

    def is_abandoned(self, now: datetime) -> bool:
        """Whether nobody records it any more and nobody finished it."""
        return not self.is_finished and now - self.end >= ABANDONED_AFTER

    @cached_property
    def all_counts(self) -> tuple[float | None, ...]:
        """The activity counts, one for each epoch up to the last one that was sent."""
        return self._all(self.counts, stored.code_to_count)

    @cached_property
    def all_heart_rates(self) -> tuple[float | None, ...]:
        """The heart rates, likewise."""
        return self._all(self.heart_rate, stored.code_to_rate)

    @cached_property
    def all_vendor_stages(self) -> tuple[Stage | None, ...]:
        """The stages that the device itself made, likewise."""
        return self._all(self.stages, stored.code_to_stage)

    def _all(self, text: str | None, read: Callable[[int], T | None]) -> tuple[T | None, ...]:
        codes = array("H") if text is None else stored.text_to_codes(text)
        return stored.to_values(codes, read, self.length)


class Summary(_Kept):
    """What a list shows of a session, and what patterns over many nights need."""

    state: State = "recording"
    analysis_source: Literal["model", "vendor"] | None = None
    model: str | None = None
    version: str | None = None
    metrics: NightMetrics | None = None
    quality: Quality | None = None
    stages: str | None = None

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored summary."""
        return cls.model_validate(document.fields)

    def to_put(self, session_id: str, *, expected: int | None, keep_days: int) -> Put:
        """The write of it. Where the night ends is known when it is finished; its expiry follows."""
        ends_at = self.end if self.state == "finished" else self.start + LONGEST
        fields = self.model_dump(mode="json", exclude_defaults=True)
        return Put(
            SUMMARY,
            summary_id(session_id, self.start),
            fields,
            expected=expected,
            expires_at=ends_at + timedelta(days=keep_days),
        )

    @cached_property
    def all_stages(self) -> tuple[Stage | None, ...]:
        """The stages, one for each epoch; none before it was finished."""
        return () if self.stages is None else stored.text_to_stages(self.stages)


def summary_id(session_id: str, start: datetime) -> str:
    """The id of a session's summary, by which lists are in the order of time."""
    return f"{session_id}:{instant_to_compact(start)}"
