"""Recommendations on the wire."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.instants import Instant
from smartalarm.sleep.insight_views import Needs, View
from smartalarm.sleep.suggestions import Kind

Answer = Literal["accepted", "dismissed", "none"]


class Progress(View):
    """How the figure that an accepted recommendation wants to change has changed since."""

    figure: str = Field(description="Its name among the recommendation's figures.")
    before: float
    now: float | None = Field(description="Over the last 30 days; null without enough nights.")
    accepted_at: Instant


class Recommendation(View):
    """Something to try, and what it rests on. An accepted one keeps the figures that it was accepted for."""

    id: str
    kind: Kind
    figures: dict[str, float | str] = Field(description="Numbers, and times of the clock as HH:MM.")
    rests_on: list[str] = Field(description="Names of the insights that it is read from.")
    text: str = Field(description="In English. For another language make the words of kind and figures.")
    feedback: Literal["none", "accepted"]
    progress: Progress | None


class Recommendations(View):
    """At most three: what was accepted first, then what weighs most. None without enough nights."""

    items: list[Recommendation]
    nights: int
    status: Literal["ok", "not_enough_nights"]
    needs: Needs | None


class NewFeedback(BaseModel):
    """What somebody thinks of a recommendation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Answer = Field(description="dismissed: not for the next 30 days. none: forget what was answered.")


class FeedbackView(View):
    """An answer as it is kept."""

    id: str
    answer: Answer
    answered_at: Instant | None
    until: Instant | None = Field(description="When it is forgotten.")
