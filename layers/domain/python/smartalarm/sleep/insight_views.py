"""What GET /sleep/insights answers: each figure with the number of nights behind it, and the nights for charts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.instants import Instant
from smartalarm.sleep.analysis import Source
from smartalarm.sleep.metrics import OfStages

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["23:40"])]
"""A wall time, to the minute."""


class View(BaseModel):
    """Base of all that is only read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Needs(View):
    """How many more nights a figure waits for; 0 where there are enough."""

    nights: int = 0
    free_nights: int = Field(default=0, description="Nights after which no alarm rang.")
    work_nights: int = Field(default=0, description="Nights after which an alarm rang.")


class Insight(View):
    """One figure. Without enough nights its values are null, and `needs` says what is missing."""

    nights: int = Field(description="How many nights it rests on.")
    status: Literal["ok", "not_enough_nights"]
    needs: Needs | None


class TimeInsight(Insight):
    """A time of the clock, averaged around the clock."""

    time: ClockTime | None = None
    spread_minutes: float | None = Field(default=None, description="Circular standard deviation.")


class MinutesInsight(Insight):
    """A mean over nights."""

    minutes: float | None = None


class ShareInsight(Insight):
    """A mean over nights, 0 to 1."""

    share: float | None = None


class StagesInsight(Insight):
    """Means over nights."""

    minutes: OfStages | None = None
    share: OfStages | None = Field(default=None, description="Of the time that has a stage.")


class RegularityInsight(Insight):
    """The sleep regularity index."""

    index: float | None = Field(default=None, description="-100 to 100; 100 is the same sleep every day, 0 is chance.")
    days_compared: float | None = Field(default=None, description="Days for which the day after is known too.")


class ChronotypeInsight(Insight):
    """Mid-sleep on free days, without the half of what is made up then."""

    mid_sleep: ClockTime | None = Field(default=None, description="MSFsc, the corrected mid-sleep on free days.")
    mid_sleep_free: ClockTime | None = Field(default=None, description="MSF, before the correction.")
    free_nights: int
    work_nights: int


class JetlagInsight(Insight):
    """How far mid-sleep on work days lies from that on free days."""

    minutes: float | None = None
    mid_sleep_free: ClockTime | None = None
    mid_sleep_work: ClockTime | None = None
    free_nights: int
    work_nights: int


class DebtInsight(Insight):
    """What the recorded nights of the last two weeks lack of the goal, naps counted in."""

    minutes: float | None = Field(default=None, description="In all.")
    minutes_per_night: float | None = Field(default=None, description="The same by recorded night.")
    goal_minutes: int
    days: int = Field(description="Looked back on.")


class TrendInsight(Insight):
    """Theil-Sen slope of total sleep time; `low` and `high` are its 95 % interval."""

    minutes_per_week: float | None = None
    low: float | None = None
    high: float | None = None
    direction: Literal["rising", "falling", "steady"] | None = Field(
        default=None, description="steady: the interval holds 0, so it may as well be chance."
    )


class DeepWakingInsight(Insight):
    """How often an alarm came in deep sleep."""

    share: float | None = Field(default=None, description="Of the nights after which an alarm rang.")


class GapsInsight(Insight):
    """How many nights were recorded with gaps so large that they count in no other figure."""

    share: float | None = None
    nights_with_gaps: int


class InsightSet(View):
    """All figures, by name."""

    total_sleep_time: MinutesInsight
    sleep_with_naps: MinutesInsight = Field(description="Total sleep time of the night and of the naps of its day.")
    sleep_efficiency: ShareInsight
    sleep_onset_latency: MinutesInsight
    waso: MinutesInsight
    stages: StagesInsight
    bed_time: TimeInsight = Field(description="When recordings begin.")
    wake_time: TimeInsight = Field(description="The last waking up.")
    regularity: RegularityInsight
    chronotype: ChronotypeInsight
    social_jetlag: JetlagInsight
    debt: DebtInsight
    trend: TrendInsight
    deep_waking: DeepWakingInsight
    gaps: GapsInsight


class SeriesNight(View):
    """One night, for charts. Local times carry the offset of the night's own zone."""

    session_id: str
    date: str = Field(description="Of the morning, where the sleeper was.", examples=["2026-12-01"])
    weekday: int = Field(ge=1, le=7, description="Of that date; 1 is Monday.")
    time_zone: str
    start: Instant
    end: Instant
    start_local: str
    end_local: str
    asleep_local: str = Field(description="Falling asleep.")
    awake_local: str = Field(description="The last waking up.")
    total_sleep_time_minutes: float
    time_in_bed_minutes: float
    sleep_efficiency: float
    sleep_onset_latency_minutes: float | None
    waso_minutes: float
    stage_minutes: OfStages
    nap_minutes: float = Field(description="Sleep in naps of the same day, noon to noon.")
    is_free: bool = Field(description="No alarm rang.")
    is_counted: bool = Field(description="false: so much of it is unknown that it counts in no figure.")
    source: Source
    analysed_by: Literal["model", "vendor"]


class InsightsView(View):
    """Patterns over the recorded nights of the last days. Nothing is invented for nights without a record."""

    days: int
    since: Instant
    until: Instant
    nights: int = Field(description="Days with a recorded night, the longest sleep from noon to noon.")
    naps: int = Field(description="Other recorded sleep.")
    insights: InsightSet
    series: list[SeriesNight]
