"""From nights to figures: each with the nights it rests on, or with what is missing for it; see docs/sleep-figures.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.sleep.chronotype import chronotype, mid_sleep, social_jetlag
from smartalarm.sleep.circular import DAY, circular_mean, circular_sd
from smartalarm.sleep.debt import DEBT_DAYS, sleep_debt
from smartalarm.sleep.insight_views import (
    ChronotypeInsight,
    DebtInsight,
    DeepWakingInsight,
    GapsInsight,
    InsightSet,
    JetlagInsight,
    MinutesInsight,
    Needs,
    RegularityInsight,
    SeriesNight,
    ShareInsight,
    StagesInsight,
    TimeInsight,
    TrendInsight,
)
from smartalarm.sleep.metrics import OfStages
from smartalarm.sleep.regularity import DAY_EPOCHS, Timeline, regularity_index
from smartalarm.sleep.sleep_days import Sleep, SleepDay, counted
from smartalarm.sleep.trend import theil_sen

FEWEST_NIGHTS: Final = 7
FEWEST_OF_A_KIND: Final = 2
"""Free nights, and work nights, where a figure needs them."""
FEWEST_PAIRS: Final = 5
"""Days with the day after them, for the regularity index."""


def insights_of(days: Sequence[SleepDay], *, goal_minutes: int, now: datetime, unread: int = 0) -> InsightSet:
    """Every figure over these days, oldest first. `unread`: so many more nights were recorded with next to no signal."""
    good = counted(days)
    basis = _basis(len(good))
    has_enough = basis["needs"] is None
    latencies = [day.main.metrics.sleep_onset_latency_minutes or 0.0 for day in good]
    free, work = [day for day in good if day.is_free], [day for day in good if not day.is_free]
    return InsightSet(
        total_sleep_time=MinutesInsight(**basis, minutes=_mean([day.main.minutes for day in good]) if has_enough else None),
        sleep_with_naps=MinutesInsight(**basis, minutes=_mean([day.slept_minutes for day in good]) if has_enough else None),
        sleep_efficiency=ShareInsight(
            **basis, share=_mean([day.main.metrics.sleep_efficiency for day in good], 4) if has_enough else None
        ),
        sleep_onset_latency=MinutesInsight(**basis, minutes=_mean(latencies) if has_enough else None),
        waso=MinutesInsight(**basis, minutes=_mean([day.main.metrics.waso_minutes for day in good]) if has_enough else None),
        stages=_stages(good, basis) if has_enough else StagesInsight(**basis),
        bed_time=_time([day.main.minute_of(day.main.night.start) for day in good], basis),
        wake_time=_time([day.main.minute_of(day.main.awake_at) for day in good], basis),
        regularity=_regularity(good, now),
        chronotype=_chronotype(free, work),
        social_jetlag=_jetlag(free, work),
        debt=_debt(good, goal_minutes, now),
        trend=_trend(good, basis),
        deep_waking=_deep_waking(work),
        gaps=_gaps(days, unread),
    )


def series_of(days: Sequence[SleepDay]) -> list[SeriesNight]:
    """Each day's night, oldest first."""
    return [_series_night(day) for day in days]


def to_clock(minute: float) -> str:
    """`23:40`."""
    hours, minutes = divmod(round(minute) % round(DAY), 60)
    return f"{hours:02}:{minutes:02}"


# ------------------------------------------------------------------------------------------------ one figure each


def _basis(nights: int, *, at_least: int = 0, **missing: int) -> dict[str, Any]:
    """What every figure says of itself; `at_least` so many more nights it needs, whatever their number."""
    needs = Needs(nights=max(0, FEWEST_NIGHTS - nights, at_least), **missing)
    has_enough = needs == Needs()
    return {"nights": nights, "status": "ok" if has_enough else "not_enough_nights", "needs": None if has_enough else needs}


def _mean(values: Sequence[float], digits: int = 1) -> float:
    return round(sum(values) / len(values), digits)


def _time(minutes: Sequence[float], basis: dict[str, Any]) -> TimeInsight:
    mean, spread = circular_mean(minutes), circular_sd(minutes)
    if basis["needs"] is not None or mean is None or spread is None:
        return TimeInsight(**basis)
    return TimeInsight(**basis, time=to_clock(mean), spread_minutes=round(spread, 1))


def _stages(good: Sequence[SleepDay], basis: dict[str, Any]) -> StagesInsight:
    def mean_of(of_nights: Sequence[OfStages], digits: int) -> OfStages:
        return OfStages(
            **{name: _mean([getattr(each, name) for each in of_nights], digits) for name in OfStages.model_fields}
        )

    minutes = mean_of([day.main.metrics.stage_minutes for day in good], 1)
    return StagesInsight(**basis, minutes=minutes, share=mean_of([day.main.metrics.stage_share for day in good], 4))


def _regularity(good: Sequence[SleepDay], now: datetime) -> RegularityInsight:
    """A day with a night is known from noon to noon; what lies outside its sleep is taken as wake, as in a sleep diary."""
    spans = [(start, min(end, now)) for start, end in (day.span for day in good)]
    sleeps = [sleep for day in good for sleep in (day.main, *day.naps)]
    records = [
        (sleep.night.start, [None if stage is None else stage != "wake" for stage in sleep.night.stages]) for sleep in sleeps
    ]
    found = regularity_index(Timeline.of(spans, records))
    days_compared = found[1] / DAY_EPOCHS if found else 0.0
    # A day is known up to now alone, so the last pair of days may want some hours.
    basis = _basis(len(good), at_least=FEWEST_PAIRS - round(days_compared))
    if basis["needs"] is not None or found is None:
        return RegularityInsight(**basis)
    return RegularityInsight(**basis, index=round(found[0], 1), days_compared=round(days_compared, 1))


def _chronotype(free: Sequence[SleepDay], work: Sequence[SleepDay]) -> ChronotypeInsight:
    basis = _basis(len(free) + len(work), free_nights=max(0, FEWEST_OF_A_KIND - len(free)))
    of_each = {"free_nights": len(free), "work_nights": len(work)}
    periods = [day.main.period for day in free]
    corrected, msf = chronotype(periods, [day.main.period for day in work]), mid_sleep(periods)
    if basis["needs"] is not None or corrected is None or msf is None:
        return ChronotypeInsight(**basis, **of_each)
    return ChronotypeInsight(**basis, **of_each, mid_sleep=to_clock(corrected), mid_sleep_free=to_clock(msf))


def _jetlag(free: Sequence[SleepDay], work: Sequence[SleepDay]) -> JetlagInsight:
    missing = {"free_nights": max(0, FEWEST_OF_A_KIND - len(free)), "work_nights": max(0, FEWEST_OF_A_KIND - len(work))}
    basis = _basis(len(free) + len(work), **missing)
    of_each = {"free_nights": len(free), "work_nights": len(work)}
    on_free, on_work = [day.main.period for day in free], [day.main.period for day in work]
    jetlag, msf, msw = social_jetlag(on_free, on_work), mid_sleep(on_free), mid_sleep(on_work)
    if basis["needs"] is not None or jetlag is None or msf is None or msw is None:
        return JetlagInsight(**basis, **of_each)
    times = {"mid_sleep_free": to_clock(msf), "mid_sleep_work": to_clock(msw)}
    return JetlagInsight(**basis, **of_each, minutes=round(jetlag, 1), **times)


def _debt(good: Sequence[SleepDay], goal_minutes: int, now: datetime) -> DebtInsight:
    since = now - timedelta(days=DEBT_DAYS)
    slept = [day.slept_minutes for day in good if day.main.night.end >= since]
    basis = _basis(len(slept))
    goal = {"goal_minutes": goal_minutes, "days": DEBT_DAYS}
    if basis["needs"] is not None:
        return DebtInsight(**basis, **goal)
    debt = sleep_debt(slept, goal_minutes)
    return DebtInsight(**basis, **goal, minutes=round(debt, 1), minutes_per_night=round(debt / len(slept), 1))


def _trend(good: Sequence[SleepDay], basis: dict[str, Any]) -> TrendInsight:
    trend = theil_sen([(day.on.toordinal() / 7, day.main.minutes) for day in good])
    if basis["needs"] is not None or trend is None:
        return TrendInsight(**basis)
    direction = "rising" if trend.low > 0 else "falling" if trend.high < 0 else "steady"
    slope, low, high = (round(value, 1) for value in (trend.slope, trend.low, trend.high))
    return TrendInsight(**basis, minutes_per_week=slope, low=low, high=high, direction=direction)


def _deep_waking(work: Sequence[SleepDay]) -> DeepWakingInsight:
    basis = _basis(len(work))
    if basis["needs"] is not None:
        return DeepWakingInsight(**{**basis, "needs": Needs(work_nights=basis["needs"].nights)})
    return DeepWakingInsight(**basis, share=round(sum(day.main.ended_deep for day in work) / len(work), 4))


def _gaps(days: Sequence[SleepDay], unread: int) -> GapsInsight:
    with_gaps, nights = sum(not day.is_counted for day in days) + unread, len(days) + unread
    basis = _basis(nights)
    share = None if basis["needs"] is not None else round(with_gaps / nights, 4)
    return GapsInsight(**basis, share=share, nights_with_gaps=with_gaps)


def _series_night(day: SleepDay) -> SeriesNight:
    main, metrics = day.main, day.main.metrics

    def local(instant: datetime, of: Sleep = main) -> str:
        return of.local(instant).isoformat(timespec="seconds")

    return SeriesNight(
        session_id=main.night.session_id,
        date=day.on.isoformat(),
        weekday=day.on.isoweekday(),
        time_zone=main.night.time_zone,
        start=main.night.start,
        end=main.night.end,
        start_local=local(main.night.start),
        end_local=local(main.night.end),
        asleep_local=local(main.asleep_at),
        awake_local=local(main.awake_at),
        total_sleep_time_minutes=metrics.total_sleep_time_minutes,
        time_in_bed_minutes=metrics.time_in_bed_minutes,
        sleep_efficiency=round(metrics.sleep_efficiency, 4),
        sleep_onset_latency_minutes=metrics.sleep_onset_latency_minutes,
        waso_minutes=metrics.waso_minutes,
        stage_minutes=metrics.stage_minutes,
        nap_minutes=sum(nap.minutes for nap in day.naps),
        is_free=day.is_free,
        is_counted=day.is_counted,
        source=main.night.source,
        analysed_by=main.night.analysed_by,
    )
