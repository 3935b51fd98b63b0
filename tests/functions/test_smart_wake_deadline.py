"""Whatever becomes of an early ring, the alarm rings at its own time, unless somebody answered: the hard deadline."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from smartalarm.instants import instant_to_text
from smartalarm.ports import PushResult
from tests.functions.pushing import clock_at, mutation, push, told
from tests.functions.sleeping import AWAKE, LIGHT, Sleeper, in_minutes, sure_stage


@pytest.fixture
def sleeper() -> Sleeper:
    """Somebody asleep."""
    return Sleeper(sure_stage())


def test_an_early_ring_that_nobody_answers_rings_again_at_its_own_time(sleeper: Sleeper) -> None:
    """It times out, is not called missed, and is the ordinary ring at the alarm's time: with a ladder, and then missed."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30, ring={"timeout_minutes": 5})
    due_at = in_minutes(stage, 30)
    stage.pass_time(600)
    sleeper.send(LIGHT)
    stage.pass_time(6 * 60)
    rests = stage.occurrence(occurrence_id)
    assert (rests["state"], rests["snoozed_until"][:19]) == ("snoozed", due_at.isoformat()[:19])
    assert stage.push_kinds()[-1] == "stop"
    stage.pass_time(15 * 60)
    assert [at for number, at in sleeper.rings() if number == 2][:1] == [due_at]
    stage.pass_time(10 * 60)
    assert stage.occurrence(occurrence_id)["state"] == "missed"
    assert stage.occurrence(occurrence_id)["reason"] == "Nobody answered for 5 minutes."


def test_an_early_ring_that_still_rings_at_the_alarms_time_rings_anew(sleeper: Sleeper) -> None:
    """Six minutes before, with a time-out of ten: at its time it is sent once more, and its ladder begins again."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    due_at = in_minutes(stage, 30)
    stage.pass_time(24 * 60)
    sleeper.send(AWAKE)
    stage.pass_time(6 * 60 + 1)
    assert [at for number, at in sleeper.rings() if number == 2] == [due_at]
    assert stage.occurrence(occurrence_id)["state"] == "ringing"
    stage.pass_time(31)
    assert [number for number, _ in sleeper.rings()][-2:] == [2, 2]
    sleeper.dismiss(occurrence_id)
    stage.pass_time(30 * 60)
    assert stage.push_kinds()[-1] == "stop"
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"


def test_an_early_ring_no_push_service_took_rings_at_its_time(sleeper: Sleeper) -> None:
    """Refused early, taken later."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    due_at = in_minutes(stage, 30)
    stage.pass_time(600)
    refused = PushResult("refused", 400, stage.clock.now(), "no")
    stage.push.answers["https://push.example/phone"] = [refused] * 4
    sleeper.send(AWAKE)
    stage.pass_time(21 * 60)
    assert sleeper.rings()[0] == (2, due_at)


def test_a_process_that_dies_after_the_decision_rings_at_the_next_tick(sleeper: Sleeper) -> None:
    """The timer is in the due index: what was in memory is not needed."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.queue.wake.clear()
    stage.crash()
    stage.clock.advance(20)
    stage.pass_time(1)
    assert len(sleeper.rings()) == 1
    assert stage.occurrence(occurrence_id)["early"]["minutes_early"] == 20


def test_a_process_that_dies_between_claim_and_send_is_healed_by_the_watch(sleeper: Sleeper) -> None:
    """As any ring: what was claimed and not sent is sent ten seconds later."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    sound, stage.push.send = stage.push.send, _die  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        stage.pass_time(1)
    stage.push.send = sound  # type: ignore[method-assign]
    stage.crash()
    claimed_at = stage.clock.now()
    stage.pass_time(15)
    assert [(number, at - claimed_at) for number, at in sleeper.rings()] == [(1, timedelta(seconds=10))]


def _die(*_: Any) -> Any:
    """What nobody catches."""
    raise KeyboardInterrupt


def test_an_outage_from_the_decision_past_the_alarms_time_ends_in_the_ordinary_ring(sleeper: Sleeper) -> None:
    """Late, once, and as the alarm's own: the smart wake has lapsed."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.queue.wake.clear()
    stage.crash()
    stage.clock.advance(22 * 60)
    stage.pass_time(2)
    assert [number for number, _ in sleeper.rings()] == [1]
    known = stage.occurrence(occurrence_id)
    assert (known["state"], known["early"]) == ("ringing", None)
    assert "late" in [line["event"] for line in known["ledger"]]


def test_an_outage_while_it_rings_early_ends_in_a_ring_not_in_a_miss(sleeper: Sleeper) -> None:
    """The server comes back 20 minutes after the alarm's time."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30, ring={"timeout_minutes": 3})
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(60)
    stage.crash()
    stage.clock.advance(39 * 60)
    stage.pass_time(20)
    assert stage.occurrence(occurrence_id)["state"] == "ringing"
    assert max(number for number, _ in sleeper.rings()) == 2
    stage.pass_time(10 * 60)
    assert stage.occurrence(occurrence_id)["state"] == "missed"


def test_a_decision_that_lapses_may_be_made_again(sleeper: Sleeper) -> None:
    """Nobody is rung for what was seen four minutes ago; the next batch decides anew."""
    stage = sleeper.stage
    sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.queue.wake.clear()
    stage.crash()
    stage.clock.advance(4 * 60)
    stage.pass_time(1)
    assert sleeper.rings() == []
    assert sleeper.send(AWAKE) is not None
    stage.pass_time(1)
    assert len(sleeper.rings()) == 1


def test_a_snooze_of_an_early_ring_counts_from_now(sleeper: Sleeper) -> None:
    """Twenty minutes early, nine minutes of snooze: it rings again eleven minutes before its time, and then is answered."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(10)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"device_id": sleeper.phone})
    again_at = in_minutes(stage, 9)
    stage.pass_time(9 * 60 + 1)
    assert sleeper.rings()[-1] == (2, again_at)
    sleeper.dismiss(occurrence_id)
    stage.pass_time(30 * 60)
    assert sleeper.rings()[-1] == (2, again_at)


def test_a_snooze_that_ends_after_the_alarms_time_is_the_persons_choice(sleeper: Sleeper) -> None:
    """Four minutes early, nine minutes of snooze: silence at the alarm's time, and a ring five minutes after it."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(26 * 60)
    sleeper.send(AWAKE)
    stage.pass_time(1)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze")
    again_at = in_minutes(stage, 9)
    stage.pass_time(10 * 60)
    assert sleeper.rings()[1:] == [(2, again_at), (2, again_at + timedelta(seconds=30))]


def test_a_snoozed_early_ring_that_nobody_answers_rings_again_at_its_time(sleeper: Sleeper) -> None:
    """Snoozed once, then slept through: neither the snooze's end nor its time-out takes the alarm's own ring away."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30, ring={"timeout_minutes": 5}, snooze={"minutes": 5, "limit": 2})
    due_at = in_minutes(stage, 30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(10)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze")
    stage.pass_time(20 * 60)
    assert [at for number, at in sleeper.rings() if number == 3][:1] == [due_at]
    ring = next(push.body for push in stage.pushes() if push.body["occurrence"]["ring_count"] == 3)
    assert ring["alarm"]["snoozes_left"] == 1  # one of two was taken: nobody asked for the ring at its time


def test_of_two_alarms_with_open_windows_the_next_one_rings_and_the_other_keeps_its_time(sleeper: Sleeper) -> None:
    """Whoever was woken is not rung early again for half an hour: the second is what they set as their second."""
    stage = sleeper.stage
    first, second = sleeper.set_alarm(30), sleeper.set_alarm(40)
    second_at = in_minutes(stage, 40)
    stage.pass_time(15 * 60)
    decision = sleeper.send(AWAKE)
    assert decision is not None
    assert decision.occurrence_id == first
    stage.pass_time(5)
    sleeper.dismiss(first)
    stage.pass_time(5)
    held_back = sleeper.send(AWAKE)
    assert held_back is not None
    assert (held_back.rings, held_back.occurrence_id) == (False, second)
    stage.pass_time(25 * 60)
    assert [at for number, at in sleeper.rings()][1:2] == [second_at]


def test_on_the_night_the_clocks_change_the_window_is_counted_in_real_minutes() -> None:
    """07:00 in Madrid on 25 October 2026 is 06:00 UTC; at 05:40 UTC it is twenty minutes away."""
    stage = sure_stage()
    stage.clock.instant = datetime.fromisoformat("2026-10-24T20:00:00+00:00")
    sleeper = Sleeper(stage)
    schedule = {"start": "2026-10-25T07:00:00", "rrule": "FREQ=DAILY"}
    occurrence_id = sleeper.set_alarm(schedule=schedule, time_zone=None)
    assert occurrence_id.endswith(":20261025T060000Z")
    stage.clock.instant = datetime.fromisoformat("2026-10-25T04:40:00+00:00")
    stage.sign_in("ann@example.org")
    assert sleeper.send(AWAKE) is None
    stage.clock.advance(3600)
    decision = sleeper.send(AWAKE)
    assert decision is not None
    assert decision.minutes_early == 20
    stage.pass_time(1)
    assert [number for number, _ in sleeper.rings()] == [1]


def test_a_journey_between_decision_and_ring_drops_it(sleeper: Sleeper) -> None:
    """In the new zone the alarm is due at another instant; only that one rings."""
    stage = sleeper.stage
    schedule = {"start": "2026-12-01T07:30:00", "rrule": "FREQ=DAILY"}  # Madrid: 06:30 UTC
    sleeper.set_alarm(schedule=schedule, time_zone=None)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.call("PATCH", "/me", {"time_zone": "Europe/Lisbon"})
    stage.pass_time(40 * 60)
    assert sleeper.rings() == []
    stage.pass_time(41 * 60)
    assert [at.isoformat() for _, at in sleeper.rings()[:1]] == ["2026-12-01T07:30:00+00:00"]


def answer(sleeper: Sleeper, occurrence_id: str, event: str) -> None:
    """An answer to its first ring, from the outbox of another device."""
    now = sleeper.stage.clock.now()
    given: dict[str, Any] = {"occurrence_id": occurrence_id, "event": event, "ring": 1, "minutes": None}
    given["at"] = instant_to_text(now)
    made = mutation("answer", "", clock_at(now), **given)
    assert told(push(sleeper.stage, {**made, "entity_id": made["id"]})) == ["applied"]


def test_a_device_that_never_heard_of_the_early_ring_snoozes_the_one_at_its_time(sleeper: Sleeper) -> None:
    """Its own clock rang, as its first; here it is the second: the snooze counts all the same."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30, ring={"timeout_minutes": 5})
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(20 * 60 + 10)
    assert stage.occurrence(occurrence_id)["ring_count"] == 2
    answer(sleeper, occurrence_id, "snooze")
    assert stage.occurrence(occurrence_id)["state"] == "snoozed"


def test_an_early_ring_may_be_answered_from_an_outbox(sleeper: Sleeper) -> None:
    """Twenty minutes before its time: it rang, so it can be dismissed."""
    stage = sleeper.stage
    occurrence_id = sleeper.set_alarm(30)
    stage.pass_time(600)
    sleeper.send(AWAKE)
    stage.pass_time(10)
    answer(sleeper, occurrence_id, "dismiss")
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    stage.pass_time(30 * 60)
    assert [number for number, _ in sleeper.rings()] == [1]
