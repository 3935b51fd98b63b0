"""Recommendations: at most three, each with the figures it rests on and with what its reader answered."""

from datetime import datetime
from typing import Final

from smartalarm.errors import NotFound
from smartalarm.instants import to_milliseconds
from smartalarm.ports import Clock, Store
from smartalarm.settings import Settings
from smartalarm.sleep.feedback import Feedback, forget_feedback, keep_feedback, new_feedback, read_feedback
from smartalarm.sleep.insight_views import InsightSet
from smartalarm.sleep.insights import SleepInsights
from smartalarm.sleep.keeping import check_consent, preferences_key
from smartalarm.sleep.recommendation_views import (
    FeedbackView,
    NewFeedback,
    Progress,
    Recommendation,
    Recommendations,
)
from smartalarm.sleep.suggestions import KINDS, Kind, Suggestion, figure_now, first_figure, suggestions_of, text_of

MOST: Final = 3
LOOKS_BACK_DAYS: Final = 30
_ALARMS_LOOKED_AT: Final = 200


class SleepRecommendations:
    """Those of one user at a time."""

    def __init__(self, insights: SleepInsights, store: Store, settings: Settings, clock: Clock) -> None:
        self._insights = insights
        self._store = store
        self._settings = settings
        self._clock = clock

    def current(self, user: str) -> Recommendations:
        """What was accepted first, then what weighs most. Raises NotFound(code="ml_disabled" | "no_such_user")."""
        now = self._clock.now()
        insights = self._insights.patterns(user, LOOKS_BACK_DAYS, now).insights
        answers = read_feedback(self._store, user, now)
        accepted = [self._accepted(answers[kind], insights) for kind in KINDS if _is(answers.get(kind), "accepted")]
        new = [_suggested(one) for one in self._suggestions(user, insights) if one.kind not in answers]
        basis = insights.gaps  # it counts all nights, also those too patchy for other figures
        return Recommendations(items=[*accepted, *new][:MOST], nights=basis.nights, status=basis.status, needs=basis.needs)

    def answer(self, user: str, recommendation_id: str, new: NewFeedback) -> FeedbackView:
        """Keep an answer; the same one again changes nothing. Raises NotFound, Forbidden(code="consent_required")."""
        now = self._clock.now()
        kind = next((kind for kind in KINDS if kind == recommendation_id), None)
        if kind is None:
            raise NotFound("There is no such recommendation.")
        insights = self._insights.patterns(user, LOOKS_BACK_DAYS, now).insights
        if new.answer == "none":
            forget_feedback(self._store, user, (kind,), now)
            return FeedbackView(id=kind, answer="none", answered_at=None, until=None)
        key = preferences_key(user)
        check_consent(user, self._store.read([key]))
        known = read_feedback(self._store, user, now).get(kind)
        if known is None or known.answer != new.answer:
            known = self._new(user, kind, new, insights, now)
            keep_feedback(self._store, user, known)
        return FeedbackView(id=kind, answer=known.answer, answered_at=known.at, until=known.until)

    def _new(self, user: str, kind: Kind, new: NewFeedback, insights: InsightSet, now: datetime) -> Feedback:
        days = self._settings.ml_data_retention_days
        if new.answer != "accepted":
            return new_feedback(kind, "dismissed", now, days)
        found = next((one for one in self._suggestions(user, insights) if one.kind == kind), None)
        if found is None:
            raise NotFound("This is not recommended any more: your nights have changed.", code="not_recommended")
        return new_feedback(kind, "accepted", now, days, figures=dict(found.figures), rests_on=found.rests_on)

    def _accepted(self, answer: Feedback, insights: InsightSet) -> Recommendation:
        name = first_figure(answer.kind)
        return Recommendation(
            id=answer.kind,
            kind=answer.kind,
            figures=answer.figures,
            rests_on=list(answer.rests_on),
            text=text_of(answer.kind, answer.figures),
            feedback="accepted",
            progress=Progress(
                figure=name,
                before=float(answer.figures[name]),
                now=figure_now(answer.kind, insights),
                accepted_at=to_milliseconds(answer.at),
            ),
        )

    def _suggestions(self, user: str, insights: InsightSet) -> list[Suggestion]:
        if insights.gaps.status != "ok":
            return []
        alarms = self._store.page(user, "alarm", limit=_ALARMS_LOOKED_AT).items
        has_plain_alarm = any(
            alarm.fields.get("enabled", True) and not alarm.fields.get("smart_wake_minutes") for alarm in alarms
        )
        return suggestions_of(insights, has_plain_alarm=has_plain_alarm)


def _is(answer: Feedback | None, wanted: str) -> bool:
    return answer is not None and answer.answer == wanted


def _suggested(one: Suggestion) -> Recommendation:
    return Recommendation(
        id=one.kind,
        kind=one.kind,
        figures=dict(one.figures),
        rests_on=list(one.rests_on),
        text=text_of(one.kind, one.figures),
        feedback="none",
        progress=None,
    )
