"""Insights and recommendations through the front door, over nights that were recorded there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.instants import instant_to_text
from smartalarm.sleep.recorded import FEEDBACK
from tests.functions.recording import agree, finish, send, session_id, sleeper
from tests.stage import Stage
from tests.unit.sleep.made_nights import stages

DAY = timedelta(days=1)


@pytest.fixture
def stage() -> Stage:
    """Somebody who agreed to be recorded. It is six in the morning in UTC, seven in Madrid."""
    return sleeper()


def record(stage: Stage, number: int, bed: datetime, *, zone: str = "Europe/Madrid", **made: Any) -> None:
    """A night whose device brought its own stages, whenever it is sent."""
    body = {"start": instant_to_text(bed), "epoch_seconds": 30, "source": "wrist", "time_zone": zone}
    stage.call("PUT", f"/sleep/sessions/{session_id(number)}", body)
    send(stage, {"first": 0, "stages": stages(**made), "source": "apple_health"}, number)
    finish(stage, number)


def record_nights(stage: Stage, number: int, first: int = 1, **made: Any) -> None:
    """The last so many nights, from 22:50 in Madrid, to be ended before seven."""
    for back in range(number):
        ended_at = stage.clock.now() - back * DAY
        record(stage, first + back, ended_at - timedelta(hours=8, minutes=10), **made)


def insights(stage: Stage, query: str = "") -> Any:
    """The answer."""
    return stage.call("GET", f"/sleep/insights{query}")


def recommended(stage: Stage) -> list[tuple[str, str]]:
    """Kinds, and what was answered."""
    return [(one["kind"], one["feedback"]) for one in stage.call("GET", "/sleep/recommendations")["items"]]


def answer(stage: Stage, kind: str, said: str, status: int = 200) -> Any:
    """Say what one thinks of it."""
    return stage.call("PUT", f"/sleep/recommendations/{kind}/feedback", {"answer": said}, status=status)


def test_without_nights_every_figure_says_what_it_waits_for(stage: Stage) -> None:
    """And nothing is recommended."""
    found = insights(stage)
    assert (found["days"], found["nights"], found["naps"], found["series"]) == (30, 0, 0, [])
    assert found["insights"]["regularity"] == {
        "nights": 0,
        "status": "not_enough_nights",
        "needs": {"nights": 7, "free_nights": 0, "work_nights": 0},
        "index": None,
        "days_compared": None,
    }
    listed = stage.call("GET", "/sleep/recommendations")
    assert (listed["items"], listed["status"], listed["nights"]) == ([], "not_enough_nights", 0)
    assert listed["needs"]["nights"] == 7


def test_recorded_nights_have_figures_and_a_series(stage: Stage) -> None:
    """Seven of 8 h, from 22:50 to 07:00 in Madrid."""
    record_nights(stage, 7)
    found = insights(stage, "?days=7")
    figures = found["insights"]
    assert (found["nights"], found["days"]) == (7, 7)
    assert (figures["total_sleep_time"]["minutes"], figures["total_sleep_time"]["status"]) == (480, "ok")
    assert (figures["bed_time"]["time"], figures["wake_time"]["time"]) == ("22:50", "07:00")
    assert figures["regularity"]["index"] == 100
    assert figures["debt"]["minutes"] == 0
    assert figures["trend"]["direction"] == "steady"
    last = found["series"][-1]
    assert (last["date"], last["weekday"], last["time_zone"]) == ("2026-12-01", 2, "Europe/Madrid")
    assert (last["start"], last["start_local"]) == ("2026-11-30T21:50:00.000Z", "2026-11-30T22:50:00+01:00")
    assert (last["total_sleep_time_minutes"], last["stage_minutes"]["wake"]) == (480, 10)
    assert (last["session_id"], last["analysed_by"], last["is_free"]) == (session_id(1), "vendor", True)
    assert [night["date"] for night in found["series"]] == sorted(night["date"] for night in found["series"])


def test_days_are_a_number_between_a_week_and_a_quarter(stage: Stage) -> None:
    """Anything else is named and not bent."""
    for query in ("days=6", "days=91", "days=-7", "days=7.5", "days=", "days=x", "days=30&days=30", "weeks=4"):
        problem = stage.call("GET", f"/sleep/insights?{query}", status=422)
        assert [error["pointer"] for error in problem["errors"]] == ["/weeks" if query == "weeks=4" else "/days"]
    for days in (7, 90):
        assert insights(stage, f"?days={days}")["days"] == days


def test_a_night_that_an_alarm_ended_is_a_work_night(stage: Stage) -> None:
    """Five of those end at seven, two free ones at nine."""
    for number in range(1, 8):
        is_free = number > 5
        stage.clock.instant = datetime(2026, 12, 1 + number, 8 if is_free else 6, tzinfo=UTC)
        ended_at = stage.clock.now()
        if not is_free:
            stage.set_alarm(30)
            stage.pass_time(40)
        record(stage, number, ended_at - timedelta(hours=8, minutes=10))
    found = insights(stage)
    assert [night["is_free"] for night in found["series"]] == [False] * 5 + [True] * 2
    assert found["insights"]["social_jetlag"] == {
        "nights": 7,
        "status": "ok",
        "needs": None,
        "minutes": 120,
        "mid_sleep_free": "05:00",
        "mid_sleep_work": "03:00",
        "free_nights": 2,
        "work_nights": 5,
    }
    assert found["insights"]["chronotype"]["mid_sleep"] == "05:00"
    assert recommended(stage) == [("social_jetlag", "none")]


def test_nights_past_their_time_are_in_no_figure() -> None:
    """By the limit of today, without waiting for the purge."""
    short = sleeper(ml_data_retention_days=10)
    record_nights(short, 9)
    assert insights(short)["nights"] == 9
    short.clock.instant += 5 * DAY
    assert insights(short)["nights"] == 5
    short.clock.instant += 10 * DAY
    assert (insights(short)["nights"], recommended(short)) == (0, [])


def test_short_nights_are_answered_with_an_earlier_bed_time(stage: Stage) -> None:
    """With the figures it rests on, and words made of them."""
    record_nights(stage, 8, minutes=420)
    (found,) = stage.call("GET", "/sleep/recommendations")["items"]
    assert (found["id"], found["kind"], found["feedback"], found["progress"]) == (
        "earlier_bedtime",
        "earlier_bedtime",
        "none",
        None,
    )
    assert (found["figures"]["minutes_per_night"], found["figures"]["new_bed_time"]) == (60, "21:50")
    assert found["rests_on"] == ["debt", "bed_time", "sleep_efficiency"]
    assert "21:50" in found["text"]


def test_nights_without_a_signal_are_answered_with_where_to_put_the_device(stage: Stage) -> None:
    """They have no figures at all, and are those that need it most."""
    record_nights(stage, 8, gap=460, minutes=20)
    figures = insights(stage)["insights"]
    assert (figures["gaps"]["nights_with_gaps"], figures["gaps"]["share"]) == (8, 1)
    assert figures["total_sleep_time"]["nights"] == 0
    assert recommended(stage) == [("better_placement", "none")]


def test_recordings_of_nothing_but_gaps_count_as_such(stage: Stage) -> None:
    """Nobody can say whether anybody slept, so they are no nights; short ones are nothing at all."""
    record_nights(stage, 7, latency=0, minutes=0, gap=480)
    record(stage, 50, stage.clock.now() - timedelta(days=9), latency=0, minutes=0, gap=60)
    found = insights(stage)
    assert (found["nights"], found["naps"], found["insights"]["gaps"]["nights_with_gaps"]) == (0, 0, 7)
    assert recommended(stage) == [("better_placement", "none")]


def test_one_that_was_dismissed_stays_away_for_thirty_days(stage: Stage) -> None:
    """To say it twice changes nothing; `none` brings it back."""
    record_nights(stage, 8, minutes=420)
    first = answer(stage, "earlier_bedtime", "dismissed")
    assert (first["answered_at"], first["until"]) == ("2026-12-01T06:00:00.000Z", "2026-12-31T06:00:00.000Z")
    assert recommended(stage) == []
    stage.clock.instant += DAY
    assert answer(stage, "earlier_bedtime", "dismissed") == first
    assert answer(stage, "earlier_bedtime", "none")["until"] is None
    assert recommended(stage) == [("earlier_bedtime", "none")]
    answer(stage, "earlier_bedtime", "dismissed")
    stage.clock.instant += 30 * DAY - timedelta(seconds=1)
    record_nights(stage, 8, first=100, minutes=420)
    assert recommended(stage) == []
    stage.clock.instant += timedelta(seconds=1)
    assert recommended(stage) == [("earlier_bedtime", "none")]


def test_one_that_was_accepted_shows_how_it_goes(stage: Stage) -> None:
    """Also when its figure has become so good that nobody would recommend it any more."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    (found,) = stage.call("GET", "/sleep/recommendations")["items"]
    assert found["feedback"] == "accepted"
    assert found["progress"] == {
        "figure": "minutes_per_night",
        "before": 60,
        "now": 60,
        "accepted_at": "2026-12-01T06:00:00.000Z",
    }
    text = found["text"]
    stage.clock.instant += 14 * DAY
    record_nights(stage, 13, first=100, minutes=480)
    (found,) = stage.call("GET", "/sleep/recommendations")["items"]
    assert (found["progress"]["before"], found["progress"]["now"], found["text"]) == (60, 0, text)
    answer(stage, "earlier_bedtime", "none")
    assert recommended(stage) == []


def test_what_is_not_recommended_cannot_be_accepted(stage: Stage) -> None:
    """There would be nothing to compare with later; dismissing is always fine."""
    record_nights(stage, 8)
    assert answer(stage, "earlier_bedtime", "accepted", status=404)["code"] == "not_recommended"
    assert answer(stage, "earlier_bedtime", "dismissed")["answer"] == "dismissed"
    assert answer(stage, "sleep_more", "dismissed", status=404)["code"] == "not_found"
    problem = answer(stage, "earlier_bedtime", "maybe", status=422)
    assert [error["pointer"] for error in problem["errors"]] == ["/answer"]


def test_answers_are_kept_only_with_consent(stage: Stage) -> None:
    """Reading needs none, and taking back an answer neither."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    agree(stage, consents=False)
    assert recommended(stage) == [("earlier_bedtime", "accepted")]
    assert insights(stage)["nights"] == 8
    assert answer(stage, "earlier_bedtime", "dismissed", status=403)["code"] == "consent_required"
    answer(stage, "earlier_bedtime", "none")
    assert recommended(stage) == [("earlier_bedtime", "none")]


def test_nothing_of_another_user_is_read(stage: Stage) -> None:
    """Neither nights nor answers."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    stage.sign_up("ben@example.org")
    assert (insights(stage)["nights"], recommended(stage)) == (0, [])


def test_without_inference_there_are_no_insights() -> None:
    """The server's switch."""
    stage = sleeper(ml_enabled=False)
    for method, path, body in (
        ("GET", "/sleep/insights", None),
        ("GET", "/sleep/recommendations", None),
        ("PUT", "/sleep/recommendations/smart_wake/feedback", {"answer": "dismissed"}),
    ):
        assert stage.call(method, path, body, status=404)["code"] == "ml_disabled"


def test_answers_go_with_the_nights_and_with_the_account(stage: Stage) -> None:
    """They are in the account's export as long as they are kept; erasing all sleep leaves nothing of them."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    answer(stage, "smart_wake", "dismissed")
    exported = stage.call("GET", "/me/export")["documents"][FEEDBACK]
    assert [one["id"] for one in exported] == ["earlier_bedtime", "smart_wake"]
    stage.call("DELETE", "/sleep/sessions", status=204)
    exported = stage.call("GET", "/me/export")["documents"].get(FEEDBACK, [])
    assert [one["fields"] for one in exported] == [{}] * len(exported)
    assert recommended(stage) == []


def test_answers_expire_by_the_store_as_well(stage: Stage) -> None:
    """What the purge removes is what nobody sees any more."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    answer(stage, "smart_wake", "dismissed")
    store, user = stage.injector.get(ports.Store), stage.call("GET", "/me")["id"]
    store.purge(now=stage.clock.now() + 30 * DAY, limit=1000)
    assert [one.id for one in store.page(user, FEEDBACK).items] == ["earlier_bedtime"]
    store.purge(now=stage.clock.now() + 90 * DAY, limit=1000)
    assert store.page(user, FEEDBACK).items == ()


def test_answers_are_not_pulled_by_devices(stage: Stage) -> None:
    """They are of no use there."""
    record_nights(stage, 8, minutes=420)
    answer(stage, "earlier_bedtime", "accepted")
    pulled = stage.call("GET", "/sync/pull")["changes"]
    assert FEEDBACK not in {change["kind"] for change in pulled}
