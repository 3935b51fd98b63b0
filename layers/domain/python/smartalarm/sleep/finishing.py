"""The end of a night: it is analysed, or what its device made of it is taken, and the figures are stored."""

from typing import Final

from smartalarm.errors import Conflict
from smartalarm.ports import Clock, Commit, Staging, Store
from smartalarm.settings import Settings
from smartalarm.sleep import stored
from smartalarm.sleep.analysis import (
    FEWEST_EPOCHS,
    LEAST_SHARE,
    WITH_GAPS,
    Analysis,
    EpochView,
    Note,
    Quality,
    SleepAnalysis,
    analysis_of,
)
from smartalarm.sleep.keeping import (
    check_consent,
    check_recording_is_on,
    preferences_key,
    read_recording,
    read_summary,
    recording_key,
)
from smartalarm.sleep.metrics import night_metrics
from smartalarm.sleep.recorded import Recording, Summary
from smartalarm.turns import Turns, try_later

OF_DEVICE: Final = "device"
"""The version of an analysis that a device brought."""


class SleepFinisher:
    """Finishes one user's nights."""

    def __init__(self, store: Store, analysis: SleepAnalysis, turns: Turns, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._analysis = analysis
        self._turns = turns
        self._settings = settings
        self._clock = clock

    def finish(self, user: str, session_id: str) -> Analysis:
        """Analyse what came and store it; again it gives the same, unless more epochs came or there is another model.

        A recording of less than ten minutes is finished without figures. Raises NotFound, Forbidden, Unavailable.
        """
        check_recording_is_on(self._settings)
        for _ in self._turns:
            try:
                return self._finish(user, session_id)
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
        raise try_later()

    def _finish(self, user: str, session_id: str) -> Analysis:
        now = self._clock.now()
        found = self._store.read([recording_key(user, session_id), preferences_key(user)])
        recording, version = read_recording(found, user, session_id, self._settings, now)
        check_consent(user, found)
        summary, summary_version = read_summary(self._store, user, session_id, recording)
        analysis = self._analyse(recording)
        stages = [epoch.stage for epoch in analysis.epochs]
        is_ours = recording.stages is None
        finished = Summary(
            start=recording.start,
            source=recording.source,
            time_zone=recording.time_zone,
            device_id=recording.device_id,
            length=recording.length,
            received=recording.received,
            state="finished",
            analysis_source="model" if is_ours else "vendor",
            stages_source=recording.stages_source,
            model=analysis.model or None if is_ours else None,
            version=analysis.version or None if is_ours else None,
            metrics=analysis.metrics,
            quality=analysis.quality,
            stages=stored.stages_to_text(stages),
        )
        confidences = stored.shares_to_text([epoch.confidence for epoch in analysis.epochs])
        finished_at = recording.finished_at if recording.is_finished else now
        update = {"is_finished": True, "finished_at": finished_at, "confidences": confidences if is_ours else None}
        closed = recording.model_copy(update=update)
        if (finished, closed) != (summary, recording):
            days = self._settings.ml_data_retention_days
            writes = (
                closed.to_put(session_id, expected=version, keep_days=days),
                finished.to_put(session_id, expected=summary_version, keep_days=days),
            )
            self._store.commit(Commit(user, now, writes=writes))
        return analysis

    def _analyse(self, recording: Recording) -> Analysis:
        if recording.stages is not None:
            return _of_device(recording)
        counts = recording.all_counts
        heart_rate = None if recording.heart_rate is None else recording.all_heart_rates
        if len(counts) < FEWEST_EPOCHS:
            nothing = Staging("", "", (None,) * len(counts), (None,) * len(counts))
            return analysis_of(nothing, counts, heart_rate, recording.source)
        return self._analysis.of_signal(counts, heart_rate, "night", recording.source)


def _of_device(recording: Recording) -> Analysis:
    """What a device made of the night, in the words of an analysis; how sure it was it did not say."""
    stages = recording.all_vendor_stages
    staged = sum(stage is not None for stage in stages)
    share = staged / len(stages) if stages else 0.0
    is_enough = staged >= FEWEST_EPOCHS and share >= LEAST_SHARE
    note: Note | None = "too_little_signal" if not is_enough else "gaps" if share < WITH_GAPS else None
    quality = Quality(source=recording.source, signal_share=share, heart_rate_share=0.0, note=note, uncertainty={})
    return Analysis(
        model=recording.stages_source or "",
        version=OF_DEVICE,
        epochs=[EpochView(stage=stage, confidence=None, p=None) for stage in stages],
        metrics=night_metrics(stages) if is_enough else None,
        quality=quality,
    )
