"""Recorded nights, read. What is past its time is hidden at once; the hourly purge then removes it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.accounts.profiles import check_account
from smartalarm.instants import instant_to_compact, text_to_instant
from smartalarm.ports import Clock, Document, JsonObject, Store
from smartalarm.settings import Settings
from smartalarm.sleep import stored
from smartalarm.sleep.keeping import is_kept, read_recording, read_summary, recording_key
from smartalarm.sleep.metrics import EPOCH_SECONDS, night_metrics
from smartalarm.sleep.neighbours import session_of
from smartalarm.sleep.night import Night
from smartalarm.sleep.recorded import LONGEST, SUMMARY, Recording, Summary
from smartalarm.sleep.session_views import (
    ExportedNight,
    SessionEpoch,
    SleepExport,
    SleepSession,
    SleepSessionPage,
    WholeSleepSession,
)

WAKES_WITHIN: Final = timedelta(minutes=30)
"""A ring so long after the last epoch still ended that night."""
MOST_EARLY: Final = timedelta(minutes=90)
"""No smart wake window is longer."""
MAX_PAGES: Final = 50
_LAST: Final = ":~"  # behind all that begin in one second


class SleepSessions:
    """The recorded nights of one user at a time."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    # ---- reading

    def get(self, user: str, session_id: str, *, with_signal: bool = False) -> WholeSleepSession:
        """One night. Raises NotFound."""
        recording, summary, revision = self._read(user, session_id)
        is_finished = summary.state == "finished"
        confidences = _confidences(recording)
        return WholeSleepSession(
            **self._shown(session_id, summary, recording),
            revision=revision,
            epochs=[
                SessionEpoch(stage=stage, confidence=confidence)
                for stage, confidence in zip(summary.all_stages, confidences, strict=False)
            ]
            if is_finished
            else None,
            counts=list(recording.all_counts) if with_signal else None,
            heart_rate=list(recording.all_heart_rates) if with_signal else None,
        )

    def page(
        self, user: str, *, from_at: datetime | None, to_at: datetime | None, after: str | None, limit: int
    ) -> SleepSessionPage:
        """Nights that begin between the instants (both inclusive), the newest first, without their epochs."""
        now = self._clock.now()
        first = instant_to_compact(max(from_at, self._oldest(now)) if from_at else self._oldest(now))
        first += "~" if from_at and from_at.microsecond else ""  # nights begin on whole seconds
        last = instant_to_compact(to_at) + _LAST if to_at else None
        page = self._store.page(user, SUMMARY, after=after, limit=limit, newest_first=True, first=first, last=last)
        if not page.items:
            check_account(self._store, user)
        shown = self._with_recordings(user, self._kept(page.items, now))
        items = tuple(SleepSession(**self._shown(*one)) for one in shown)
        return SleepSessionPage(items=items, next=page.next)

    def export(self, user: str, *, after: str | None, limit: int) -> SleepExport:
        """All that is stored of the nights, the newest first."""
        now = self._clock.now()
        page = self._store.page(user, SUMMARY, after=after, limit=limit, newest_first=True)
        if not page.items:
            check_account(self._store, user)
        kept = list(self._kept(page.items, now))
        recordings = self._recordings(user, [session_id for session_id, _ in kept])
        items = tuple(
            self._exported(session_id, summary, recordings[session_id])
            for session_id, summary in kept
            if session_id in recordings
        )
        return SleepExport(exported_at=now, items=items, next=page.next)

    def nights(self, user: str, since: datetime) -> list[Night]:
        """The finished nights that end at `since` or later, the oldest first."""
        now = self._clock.now()
        pages = self._all(user, SUMMARY, first=instant_to_compact(max(since - LONGEST, self._oldest(now))))
        kept = [
            (session_id, summary)
            for session_id, summary in self._kept(pages, now)
            if summary.state == "finished" and summary.end >= since
        ]
        if not kept:
            return []
        rings = self._rings(user, kept[0][1].start, max(summary.end for _, summary in kept) + WAKES_WITHIN)
        return [_night(session_id, summary, rings) for session_id, summary in kept]

    # ---- helpers

    def _oldest(self, now: datetime) -> datetime:
        """No night that began before it is kept any more."""
        return now - timedelta(days=self._settings.ml_data_retention_days) - LONGEST

    def _read(self, user: str, session_id: str) -> tuple[Recording, Summary, int]:
        key = recording_key(user, session_id)
        recording, version = read_recording(self._store.read([key]), user, session_id, self._settings, self._clock.now())
        return recording, read_summary(self._store, user, session_id, recording)[0], version

    def _all(self, user: str, kind: str, *, first: str, last: str | None = None) -> Iterator[Document]:
        after: str | None = None
        for _ in range(MAX_PAGES):
            page = self._store.page(user, kind, after=after, first=first, last=last)
            yield from page.items
            after = page.next
            if after is None:
                return

    def _kept(self, documents: Iterable[Document], now: datetime) -> Iterator[tuple[str, Summary]]:
        for document in documents:
            summary = Summary.from_document(document)
            if is_kept(document, summary, self._settings, now):
                yield session_of(document), summary

    def _recordings(self, user: str, session_ids: Iterable[str]) -> dict[str, Recording]:
        found = self._store.read([recording_key(user, session_id) for session_id in session_ids])
        return {key.id: Recording.from_document(document) for key, document in found.items() if not document.deleted}

    def _with_recordings(
        self, user: str, kept: Iterable[tuple[str, Summary]]
    ) -> Iterator[tuple[str, Summary, Recording | None]]:
        """With what came so far of those that are still being recorded: the summary of a finished one says it itself."""
        known = list(kept)
        open_ones = [session_id for session_id, summary in known if summary.state == "recording"]
        recordings = self._recordings(user, open_ones) if open_ones else {}
        for session_id, summary in known:
            yield session_id, summary, recordings.get(session_id)

    def _shown(self, session_id: str, summary: Summary, recording: Recording | None) -> dict[str, Any]:
        latest: Recording | Summary = summary if recording is None else recording
        return {
            "id": session_id,
            "start": summary.start,
            "epoch_seconds": EPOCH_SECONDS,
            "source": summary.source,
            "time_zone": summary.time_zone,
            "device_id": summary.device_id,
            "state": summary.state,
            "abandoned": recording is not None and recording.is_abandoned(self._clock.now()),
            "received_epochs": latest.received,
            "last_epoch": latest.length - 1 if latest.length else None,
            "end": latest.end,
            "kept_until": latest.end + timedelta(days=self._settings.ml_data_retention_days),
            "analysis_source": summary.analysis_source,
            "stages_source": latest.stages_source,
            "model": summary.model,
            "version": summary.version,
            "metrics": summary.metrics,
            "quality": summary.quality,
        }

    def _exported(self, session_id: str, summary: Summary, recording: Recording) -> ExportedNight:
        return ExportedNight(
            **self._shown(session_id, summary, recording),
            stages=list(summary.all_stages or recording.all_vendor_stages),
            confidences=list(_confidences(recording)),
            counts=list(recording.all_counts),
            heart_rate=list(recording.all_heart_rates),
        )

    def _rings(self, user: str, first: datetime, last: datetime) -> list[datetime]:
        """When alarms rang first, those due between the instants and a while after, in order. Test pushes are none."""
        between = {"first": instant_to_compact(first), "last": instant_to_compact(last + MOST_EARLY) + _LAST}
        return sorted(
            _rang_at(document.fields)
            for document in self._all(user, "occurrence", **between)
            if document.fields.get("alarm_id") is not None and document.fields.get("ring_count", 0) > 0
        )


def _rang_at(fields: JsonObject) -> datetime:
    """An occurrence is known by the alarm's own time; smart wake may have rung it before."""
    early = fields.get("early") or {}
    return text_to_instant(fields["at"]) - timedelta(minutes=early.get("minutes_early", 0))


def _night(session_id: str, summary: Summary, rings: list[datetime]) -> Night:
    if summary.analysis_source is None:
        raise ValueError("a night that is not finished has no figures")
    place = bisect_left(rings, summary.start)
    return Night(
        session_id=session_id,
        start=summary.start,
        end=summary.end,
        time_zone=summary.time_zone,
        source=summary.source,
        stages=summary.all_stages,
        metrics=summary.metrics or night_metrics(summary.all_stages),
        analysed_by=summary.analysis_source,
        alarm_rang=place < len(rings) and rings[place] <= summary.end + WAKES_WITHIN,
    )


def _confidences(recording: Recording) -> tuple[float | None, ...]:
    if recording.confidences is None:
        return (None,) * recording.length
    return stored.text_to_shares(recording.confidences)
