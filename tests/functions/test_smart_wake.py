"""Smart wake, in memory and on a clock that is moved: in an open window it rings early, once, and only when it should."""

from datetime import datetime
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.ports import Store
from smartalarm.ringing.smart_wake import FEWEST_EPOCHS, SmartWake
from tests.functions.sleeping import AWAKE, DEEP, REM, Sleeper, in_minutes, sure_stage
from tests.stage import Stage


@pytest.fixture
def sleeper() -> Sleeper:
    """Somebody asleep."""
    return Sleeper(sure_stage())


def test_somebody_awake_in_the_window_is_rung_at_once(sleeper: Sleeper) -> None:
    """By the ordinary path, under the occurrence's own id and time; the ledger says why."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(13 * 60)
    decision = sleeper.send(AWAKE)
    assert decision is not None
    assert (decision.rings, decision.occurrence_id, decision.stage, decision.minutes_early) == (
        True,
        occurrence_id,
        "wake",
        17,
    )
    now = stage.clock.now()
    stage.pass_time(1)
    assert sleeper.rings() == [(1, now)]
    known = stage.occurrence(occurrence_id)
    assert known["state"] == "ringing"
    assert known["at"].endswith("06:30:00.000Z")
    assert known["early"] == {"stage": "wake", "confidence": decision.confidence, "minutes_early": 17}
    early = next(line for line in known["ledger"] if line["event"] == "early")
    assert early["detail"] == decision.reason == "Awake (98 % sure of light sleep or awake), 17 min early."
    assert [line["event"] for line in known["ledger"]] == ["scheduled", "early", "claimed", "sent", "accepted"]


def test_an_answered_early_ring_is_the_end_of_it(sleeper: Sleeper) -> None:
    """At the alarm's own time nothing rings, and the alarm goes on to its next day."""
    stage = sleeper.stage
    start = (in_minutes(stage, 30)).replace(tzinfo=None).isoformat()
    occurrence_id = sleeper.set_alarm(schedule={"start": start, "rrule": "FREQ=DAILY"})
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(5)
    assert sleeper.dismiss(occurrence_id)["state"] == "dismissed"
    stage.pass_time(40 * 60)
    assert [number for number, _ in sleeper.rings()] == [1]
    assert stage.push_kinds() == ["ring", "stop"]
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    alarm_id = occurrence_id.partition(":")[0]
    assert stage.call("GET", f"/alarms/{alarm_id}")["next"]["at"].startswith("2026-12-02T06:30")


def test_doubled_and_later_batches_ring_once(sleeper: Sleeper) -> None:
    """Before the ring went out, while it rings and after it was answered."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    assert [bool(sleeper.send(AWAKE)) for _ in range(3)] == [True, False, False]
    stage.pass_time(3)
    assert sleeper.send(AWAKE) is None
    sleeper.dismiss(occurrence_id)
    stage.pass_time(5)
    assert sleeper.send(AWAKE) is None
    stage.pass_time(30 * 60)
    assert [number for number, _ in sleeper.rings()] == [1]
    assert stage.events(occurrence_id).count("early") == 1


def test_a_decision_that_two_make_at_once_rings_once(sleeper: Sleeper) -> None:
    """Both read before either wrote: the second timer finds it ringing."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    store = stage.injector.get(Store)
    before = store.timers(sleeper.user)
    sleeper.send(AWAKE)
    early = next(timer for timer in store.timers(sleeper.user) if timer.purpose == "early")
    stage.pass_time(3)
    store.commit(
        ports.Commit(sleeper.user, stage.clock.now(), timers=(ports.TimerChange(early.id, early),))  # the slower one's
    )
    stage.pass_time(60)
    assert [number for number, _ in sleeper.rings()][:1] == [1]
    assert stage.events(occurrence_id).count("claimed") == 1
    assert [t.due_at for t in before] == [t.due_at for t in store.timers(sleeper.user) if t.purpose == "ring"]


def test_the_alarms_own_timer_stays_where_it_stands(sleeper: Sleeper) -> None:
    """An early ring does not move it: its instant and its revision are as before."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    stage.pass_time(600)
    store = stage.injector.get(Store)

    def own() -> list[tuple[str, datetime, int]]:
        return [(t.id, t.due_at, t.revision) for t in store.timers(sleeper.user) if t.purpose == "ring"]

    before = own()
    sleeper.send(AWAKE)
    stage.pass_time(5)
    assert sleeper.rings()
    assert own() == before


@pytest.mark.parametrize("count", [DEEP, REM])
def test_deep_sleep_and_dreams_are_left_alone(sleeper: Sleeper, count: float) -> None:
    """The answer says that it was looked at; the alarm rings at its time."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    due_at = in_minutes(stage, 30)
    for _ in range(28):
        stage.pass_time(60)
        decision = sleeper.send(count)
        assert decision is not None
        assert not decision.rings
    stage.pass_time(121)
    assert sleeper.rings()[0] == (1, due_at)


def test_stale_and_future_epochs_are_not_acted_on(sleeper: Sleeper) -> None:
    """90 seconds after its end an epoch is too old; one that is not over yet is not believed."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    stage.pass_time(600)
    assert sleeper.send(AWAKE, ended_ago=91) is None
    assert sleeper.send(AWAKE, ended_ago=-31) is None
    assert sleeper.read == 0
    assert sleeper.send(AWAKE, ended_ago=90) is not None


def test_a_model_that_fails_leaves_the_alarm_to_its_time() -> None:
    """Whatever it raises: a problem in the log."""

    class Broken:
        """A stager that cannot."""

        def stage(self, *_: Any) -> Any:
            """Fail."""
            raise RuntimeError("no model")

    sleeper = Sleeper(Stage({ports.SleepStager: Broken}))
    sleeper.set_alarm(30)
    due_at = in_minutes(sleeper.stage, 30)
    sleeper.stage.pass_time(600)
    assert sleeper.send(AWAKE) is None
    assert sleeper.stage.telemetry.problems == ["smart_wake_failed"]
    sleeper.stage.pass_time(20 * 60)
    assert sleeper.rings() == [(1, due_at)]


def test_most_batches_cost_one_small_read() -> None:
    """Outside every window only the timers are looked at, and no signal is unpacked."""
    sleeper = Sleeper(sure_stage())
    sleeper.set_alarm(8 * 60)
    asked: list[str] = []
    store = sleeper.stage.injector.get(Store)

    class Counting:
        """The store, with a tally."""

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return getattr(store, name)

    sleeper.stage.injector.get(SmartWake)._store = Counting()
    assert sleeper.send(AWAKE) is None
    assert (asked, sleeper.read) == (["timers"], 0)
    asked.clear()
    sleeper.set_alarm(20, window=0)
    assert sleeper.send(AWAKE) is None
    assert (asked, sleeper.read) == (["timers", "read"], 0)


def test_without_the_window_or_without_inference_nothing_rings_early() -> None:
    """Before the window opens, with it off, with ML_ENABLED=false, and in a recording of a few minutes."""
    off = Sleeper(sure_stage(ml_enabled=False))
    off.set_alarm(30)
    assert off.send(AWAKE) is None
    sleeper = Sleeper(sure_stage())
    sleeper.set_alarm(31, window=30)
    sleeper.set_alarm(20, window=0)
    assert sleeper.send(AWAKE) is None
    sleeper.stage.clock.advance(61)
    assert sleeper.send(AWAKE, epochs=FEWEST_EPOCHS - 1) is None
    assert sleeper.send(AWAKE) is not None


def test_in_the_last_minute_it_is_left_to_the_alarm(sleeper: Sleeper) -> None:
    """That ring may be armed already."""
    sleeper.set_alarm(30)
    due_at = in_minutes(sleeper.stage, 30)
    sleeper.stage.pass_time(29 * 60 + 1)
    assert sleeper.send(AWAKE) is None
    sleeper.stage.pass_time(60)
    assert sleeper.rings() == [(1, due_at)]


def test_a_skipped_switched_off_or_dismissed_occurrence_never_rings_early(sleeper: Sleeper) -> None:
    """Nobody wants to be woken for it."""
    stage = sleeper.stage
    skipped = sleeper.set_alarm(30)
    alarm_id = skipped.partition(":")[0]
    stage.call("POST", f"/alarms/{alarm_id}/skip", {"occurrence_id": skipped})
    off = sleeper.set_alarm(31).partition(":")[0]
    stage.call("PATCH", f"/alarms/{off}", {"enabled": False})
    stage.pass_time(600)
    assert sleeper.send(AWAKE) is None
    stage.pass_time(25 * 60)
    assert sleeper.rings() == []


@pytest.mark.parametrize("change", [{"enabled": False}, {"smart_wake_minutes": 5}, {"label": "Other"}])
def test_an_edit_between_decision_and_ring_wins(sleeper: Sleeper, change: dict[str, Any]) -> None:
    """The alarm has another revision now: what was decided before is dropped, and the alarm does as it says."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.call("PATCH", f"/alarms/{occurrence_id.partition(':')[0]}", change)
    stage.pass_time(4 * 60)
    assert sleeper.rings() == []
    stage.pass_time(17 * 60)
    assert {number for number, _ in sleeper.rings()} == (set() if "enabled" in change else {1})


def test_skipping_what_rings_early_stops_it_and_its_own_ring(sleeper: Sleeper) -> None:
    """One press, silence now and at the alarm's time."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(5)
    stage.call("POST", f"/alarms/{occurrence_id.partition(':')[0]}/skip", {"occurrence_id": occurrence_id})
    stage.pass_time(40 * 60)
    assert stage.push_kinds() == ["ring", "stop"]
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"


@pytest.mark.parametrize("change", [{"enabled": False}, {"schedule": {"start": "2026-12-01T06:45:00"}}, None])
def test_taking_the_alarm_away_stops_what_rings_early(sleeper: Sleeper, change: dict[str, Any] | None) -> None:
    """Switched off, moved or deleted."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(5)
    path = f"/alarms/{occurrence_id.partition(':')[0]}"
    stage.call("PATCH", path, change) if change else stage.call("DELETE", path, status=204)
    stage.pass_time(25 * 60)
    assert stage.push_kinds() == ["ring", "stop"]
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
