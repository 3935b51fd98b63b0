"""What could help, read from the figures of the last nights: which suggestion, the figures it rests on, and plain words.

The words ask nothing that the figures do not carry, blame nobody and know no illness. Thresholds and where they come from:
docs/sleep-figures.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from smartalarm.sleep.circular import DAY
from smartalarm.sleep.insight_views import InsightSet, TimeInsight
from smartalarm.sleep.patterns import to_clock

Kind = Literal[
    "talk_to_doctor",
    "better_placement",
    "earlier_bedtime",
    "social_jetlag",
    "steady_wake_time",
    "long_latency",
    "smart_wake",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Also the order of what weighs the same."""

Figures = Mapping[str, float | str]

VERY_SHORT_MINUTES: Final = 300
VERY_SHORT_NIGHTS: Final = 14
GAPS_SHARE: Final = 1 / 3
SHORT_OF_GOAL_MINUTES: Final = 20
LEAST_EFFICIENCY: Final = 0.85
JETLAG_MINUTES: Final = 60
WAKE_SPREAD_MINUTES: Final = 45
SCATTERED_MINUTES: Final = 180
"""Times that lie further apart, of who works in shifts for example, have a mean that is nobody's usual time."""
LATENCY_MINUTES: Final = 30
DEEP_SHARE: Final = 0.25
_FIRST: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One of them; the heavier one comes first."""

    kind: Kind
    figures: Figures
    rests_on: tuple[str, ...]
    weight: float


def suggestions_of(insights: InsightSet, *, has_plain_alarm: bool) -> list[Suggestion]:
    """What the figures call for, heaviest first. `has_plain_alarm`: some alarm is on that does without a smart wake."""
    found = (rule(insights) for kind, rule in _RULES.items() if kind != "smart_wake" or has_plain_alarm)
    return sorted((one for one in found if one is not None), key=lambda one: (-one.weight, KINDS.index(one.kind)))


def figure_now(kind: Kind, insights: InsightSet) -> float | None:
    """The figure that the suggestion wants to change, as it is now; None without enough nights."""
    return _MEASURES[kind](insights)


def first_figure(kind: Kind) -> str:
    """The name of that figure among the suggestion's."""
    return _FIGURE[kind]


# ------------------------------------------------------------------------------------------------ when


def _talk_to_doctor(insights: InsightSet) -> Suggestion | None:
    sleep = insights.sleep_with_naps
    if sleep.minutes is None or sleep.nights < VERY_SHORT_NIGHTS or sleep.minutes >= VERY_SHORT_MINUTES:
        return None
    figures: Figures = {"minutes": sleep.minutes, "nights": sleep.nights}
    return Suggestion("talk_to_doctor", figures, ("sleep_with_naps",), 2 * _FIRST)


def _better_placement(insights: InsightSet) -> Suggestion | None:
    gaps = insights.gaps
    if gaps.share is None or gaps.share < GAPS_SHARE:
        return None
    figures: Figures = {"nights_with_gaps": gaps.nights_with_gaps, "nights": gaps.nights}
    return Suggestion("better_placement", figures, ("gaps",), _FIRST)


def _earlier_bedtime(insights: InsightSet) -> Suggestion | None:
    """Only for those who sleep while they are in bed: to others more time in bed brings more lying awake."""
    lacking, bed, efficiency = insights.debt.minutes_per_night, insights.bed_time.time, insights.sleep_efficiency.share
    if lacking is None or bed is None or efficiency is None:
        return None
    if lacking < SHORT_OF_GOAL_MINUTES or efficiency < LEAST_EFFICIENCY or _is_scattered(insights.bed_time):
        return None
    earlier = min(60, max(15, round(lacking / 15) * 15))
    hours, minutes = map(int, bed.split(":"))
    figures: Figures = {
        "minutes_per_night": lacking,
        "minutes_earlier": earlier,
        "bed_time": bed,
        "new_bed_time": to_clock((hours * 60 + minutes - earlier) % DAY),
        "goal_minutes": insights.debt.goal_minutes,
        "nights": insights.debt.nights,
    }
    return Suggestion("earlier_bedtime", figures, ("debt", "bed_time", "sleep_efficiency"), lacking / SHORT_OF_GOAL_MINUTES)


def _social_jetlag(insights: InsightSet) -> Suggestion | None:
    jetlag = insights.social_jetlag
    if jetlag.minutes is None or jetlag.mid_sleep_free is None or jetlag.mid_sleep_work is None:
        return None
    if jetlag.minutes <= JETLAG_MINUTES or _is_scattered(insights.wake_time):
        return None
    figures: Figures = {
        "minutes": jetlag.minutes,
        "mid_sleep_free": jetlag.mid_sleep_free,
        "mid_sleep_work": jetlag.mid_sleep_work,
        "nights": jetlag.nights,
    }
    return Suggestion("social_jetlag", figures, ("social_jetlag",), jetlag.minutes / JETLAG_MINUTES)


def _steady_wake_time(insights: InsightSet) -> Suggestion | None:
    """Where work and free days lie apart, that is said instead: it is the same advice, and says more."""
    wake = insights.wake_time
    if wake.time is None or wake.spread_minutes is None or wake.spread_minutes < WAKE_SPREAD_MINUTES:
        return None
    if _is_scattered(wake) or _social_jetlag(insights) is not None:
        return None
    figures: dict[str, float | str] = {
        "spread_minutes": wake.spread_minutes,
        "wake_time": wake.time,
        "nights": wake.nights,
    }
    rests_on: tuple[str, ...] = ("wake_time",)
    if insights.regularity.index is not None:
        figures["regularity"] = insights.regularity.index
        rests_on = ("wake_time", "regularity")
    return Suggestion("steady_wake_time", figures, rests_on, wake.spread_minutes / WAKE_SPREAD_MINUTES)


def _long_latency(insights: InsightSet) -> Suggestion | None:
    latency = insights.sleep_onset_latency
    if latency.minutes is None or latency.minutes <= LATENCY_MINUTES:
        return None
    figures: Figures = {"minutes": latency.minutes, "nights": latency.nights}
    return Suggestion("long_latency", figures, ("sleep_onset_latency",), latency.minutes / LATENCY_MINUTES)


def _smart_wake(insights: InsightSet) -> Suggestion | None:
    deep = insights.deep_waking
    if deep.share is None or deep.share < DEEP_SHARE:
        return None
    figures: Figures = {"share": deep.share, "nights": deep.nights}
    return Suggestion("smart_wake", figures, ("deep_waking",), deep.share / DEEP_SHARE)


def _is_scattered(times: TimeInsight) -> bool:
    return times.spread_minutes is None or times.spread_minutes > SCATTERED_MINUTES


_RULES: Final[Mapping[Kind, Callable[[InsightSet], Suggestion | None]]] = {
    "talk_to_doctor": _talk_to_doctor,
    "better_placement": _better_placement,
    "earlier_bedtime": _earlier_bedtime,
    "social_jetlag": _social_jetlag,
    "steady_wake_time": _steady_wake_time,
    "long_latency": _long_latency,
    "smart_wake": _smart_wake,
}
_FIGURE: Final[Mapping[Kind, str]] = {
    "talk_to_doctor": "minutes",
    "better_placement": "nights_with_gaps",
    "earlier_bedtime": "minutes_per_night",
    "social_jetlag": "minutes",
    "steady_wake_time": "spread_minutes",
    "long_latency": "minutes",
    "smart_wake": "share",
}
_MEASURES: Final[Mapping[Kind, Callable[[InsightSet], float | None]]] = {
    "talk_to_doctor": lambda insights: insights.sleep_with_naps.minutes,
    "better_placement": lambda insights: None if insights.gaps.share is None else insights.gaps.nights_with_gaps,
    "earlier_bedtime": lambda insights: insights.debt.minutes_per_night,
    "social_jetlag": lambda insights: insights.social_jetlag.minutes,
    "steady_wake_time": lambda insights: insights.wake_time.spread_minutes,
    "long_latency": lambda insights: insights.sleep_onset_latency.minutes,
    "smart_wake": lambda insights: insights.deep_waking.share,
}


# ------------------------------------------------------------------------------------------------ words


def text_of(kind: Kind, figures: Figures) -> str:
    """The suggestion in English; the web app has its own words for each kind, made of the same figures."""
    return _TEXTS[kind](figures)


def _duration(minutes: float | str) -> str:
    hours, rest = divmod(round(float(minutes)), 60)
    return f"{rest} min" if not hours else f"{hours} h" if not rest else f"{hours} h {rest} min"


def _count(number: float | str) -> str:
    return str(round(float(number)))


_TEXTS: Final[Mapping[Kind, Callable[[Figures], str]]] = {
    "talk_to_doctor": lambda f: (
        f"You slept {_duration(f['minutes'])} a day on average over {_count(f['nights'])} days. "
        "If you often feel tired or would like to sleep more, a doctor can help you find out why."
    ),
    "better_placement": lambda f: (
        f"{_count(f['nights_with_gaps'])} of {_count(f['nights'])} nights have long gaps. "
        "A charged phone on the mattress next to your pillow, or a snug watch, records more of the night."
    ),
    "earlier_bedtime": lambda f: (
        f"Your nights were {_duration(f['minutes_per_night'])} short of your goal on average. "
        f"You could go to bed at {f['new_bed_time']}, {_duration(f['minutes_earlier'])} earlier than usual."
    ),
    "social_jetlag": lambda f: (
        f"With an alarm and without one, your sleep lies {_duration(f['minutes'])} apart. "
        "Getting up at most an hour later on free days can make the first morning with an alarm easier."
    ),
    "steady_wake_time": lambda f: (
        f"Your wake-up time moves by about {_duration(f['spread_minutes'])} around {f['wake_time']}. "
        f"Getting up near {f['wake_time']} on most days can make falling asleep and waking up easier."
    ),
    "long_latency": lambda f: (
        f"Falling asleep took {_duration(f['minutes'])} on average. "
        "Half an hour of dim light and something calm before bed helps many people; so does going to bed only when sleepy."
    ),
    "smart_wake": lambda f: (
        f"Your alarm met you in deep sleep on {_count(float(f['share']) * 100)} % of {_count(f['nights'])} mornings. "
        "With a smart wake it may ring a little earlier, when your sleep is lighter."
    ),
}
