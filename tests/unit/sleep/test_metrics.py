"""The figures of a night, on worked examples and on any night."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.ports import STAGES, Stage
from smartalarm.sleep.metrics import OfStages, night_metrics

Stages = list[Stage | None]
LETTERS: dict[str, Stage | None] = {"W": "wake", "L": "light", "D": "deep", "R": "rem", ".": None}
NIGHTS = st.lists(st.sampled_from([*STAGES, None]), max_size=200)
SCORED_NIGHTS = st.lists(st.sampled_from(STAGES), min_size=1, max_size=200)


def night(*parts: str) -> Stages:
    """Stages from letters, a part like `W*20` being twenty of them; `.` is an epoch that has none."""
    letters = "".join(part[0] * int(part[2:]) if "*" in part else part for part in parts)
    return [LETTERS[letter] for letter in letters]


def test_a_usual_night_has_the_figures_that_a_laboratory_would_report() -> None:
    """Eight hours: 20 minutes to fall asleep, 10 + 15 minutes awake later, the last of them before getting up."""
    told = night_metrics(night("W*40", "L*300", "D*200", "W*20", "L*200", "R*170", "W*30"))
    assert told.time_in_bed_minutes == 480
    assert told.sleep_onset_latency_minutes == 20
    assert told.total_sleep_time_minutes == 435
    assert told.waso_minutes == 25
    assert told.sleep_efficiency == round(435 / 480, 4) == 0.9062
    assert told.stage_minutes == OfStages(wake=45, light=250, deep=100, rem=85)
    assert told.stage_share == OfStages(wake=0.0938, light=0.5208, deep=0.2083, rem=0.1771)
    assert told.rem_latency_minutes == (300 + 200 + 20 + 200) / 2
    assert told.awakenings == 1


@pytest.mark.parametrize(
    ("stages", "onset", "waso", "rem_latency", "awakenings"),
    [
        (night("W*60"), None, 0, None, 0),
        (night("L*60"), 0, 0, None, 0),
        (night("R*60"), 0, 0, 0, 0),
        (night("W*59", "L"), 29.5, 0, None, 0),
        (night("WLWL"), 0.5, 0.5, None, 1),
        (night("WLWLW"), 0.5, 1, None, 1),
        (night("LWWWDWR"), 0, 2, 3, 2),
        (night("LW.WL"), 0, 1, None, 1),
        (night("L.L"), 0, 0, None, 0),
        (night("..WLR"), 1.5, 0, 0.5, 0),
        (night(".*60"), None, 0, None, 0),
    ],
    ids=lambda value: "" if not isinstance(value, list) else f"{len(value)} epochs",
)
def test_odd_nights_have_the_figures_that_their_definitions_give(
    stages: Stages, onset: float | None, waso: float, rem_latency: float | None, awakenings: int
) -> None:
    """Never asleep, at once asleep, gaps: onset is the first stage but wake, the last waking up interrupts nothing."""
    told = night_metrics(stages)
    assert (told.sleep_onset_latency_minutes, told.waso_minutes) == (onset, waso)
    assert (told.rem_latency_minutes, told.awakenings) == (rem_latency, awakenings)


def test_nobody_recorded_is_a_night_of_nothing() -> None:
    """No division by it either."""
    told = night_metrics([])
    assert (told.time_in_bed_minutes, told.sleep_efficiency, told.stage_share.wake) == (0, 0, 0)


def test_what_has_no_stage_is_time_in_bed_and_nothing_else() -> None:
    """Shares are of the time that has a stage."""
    told = night_metrics(night("L*10", ".*10"))
    assert (told.time_in_bed_minutes, told.total_sleep_time_minutes, told.sleep_efficiency) == (10, 5, 0.5)
    assert told.stage_share == OfStages(wake=0, light=1, deep=0, rem=0)


def test_an_epoch_may_be_longer() -> None:
    """Devices that bring their own stages tell them by the minute."""
    assert night_metrics(night("WLLL"), 60) == night_metrics(night("WWLLLLLL"))


@given(stages=NIGHTS)
def test_the_parts_of_a_night_make_up_the_whole(stages: Stages) -> None:
    """Asleep and awake is what has a stage, and no figure lies outside of its bounds."""
    told = night_metrics(stages)
    parts = told.stage_minutes
    scored = sum(stage is not None for stage in stages) / 2
    assert parts.wake + parts.light + parts.deep + parts.rem == scored
    assert parts.light + parts.deep + parts.rem == told.total_sleep_time_minutes
    assert told.waso_minutes <= parts.wake
    assert 0 <= told.sleep_efficiency <= 1
    assert told.awakenings <= told.waso_minutes * 2
    assert (told.sleep_onset_latency_minutes is None) == (told.total_sleep_time_minutes == 0)
    shares = told.stage_share
    assert shares.wake + shares.light + shares.deep + shares.rem == pytest.approx(1 if scored else 0, abs=2e-4)


@given(stages=SCORED_NIGHTS)
def test_latency_waso_and_sleep_make_up_a_night_without_gaps(stages: list[Stage]) -> None:
    """WASO = recording - latency - total sleep time (AASM)."""
    told = night_metrics(stages)
    onset = told.sleep_onset_latency_minutes
    if onset is not None:
        assert onset + told.waso_minutes + told.total_sleep_time_minutes == told.time_in_bed_minutes
    begins = sum(after == "wake" != before for before, after in pairwise(stages))
    assert told.awakenings == begins - (stages[-1] == "wake" and onset is not None)


@given(stages=SCORED_NIGHTS, more=st.integers(1, 20))
def test_lying_awake_longer_adds_to_waso_alone(stages: list[Stage], more: int) -> None:
    """And to the time in bed, of course."""
    stages = ["light", *stages]
    before, after = night_metrics(stages), night_metrics([*stages, *["wake"] * more])  # type: ignore[list-item]  # "wake" is one
    assert after.waso_minutes == before.waso_minutes + more / 2
    assert after.total_sleep_time_minutes == before.total_sleep_time_minutes
    assert after.awakenings == before.awakenings
