"""A ring that fails again and again is given up, and says so; the alarm rings the next time, and nothing piles up."""

from datetime import timedelta
from typing import Any

from smartalarm.errors import Unavailable
from smartalarm.ports import Committed, Store
from smartalarm.ringing.delivery import Delivery, Envelope
from tests.stage import Stage


class Bug:
    """While `is_there`, no message can be made for anybody."""

    def __init__(self, stage: Stage) -> None:
        self.is_there = False
        delivery = stage.injector.get(Delivery)
        self._prepare = delivery.prepare
        delivery.prepare = self._try_to_prepare  # type: ignore[method-assign]

    def _try_to_prepare(self, *arguments: Any, **named: Any) -> Envelope:
        if self.is_there:
            raise ZeroDivisionError
        return self._prepare(*arguments, **named)


def staged() -> tuple[Stage, Bug]:
    """A user with a phone, and a bug that comes and goes."""
    stage = Stage()
    stage.sign_up()
    stage.add_phone()
    return stage, Bug(stage)


def test_a_daily_alarm_that_was_given_up_once_rings_the_next_day() -> None:
    """A lost ring is told; a lost alarm would be silent for ever."""
    stage, bug = staged()
    start = (stage.clock.now() + timedelta(seconds=20)).replace(tzinfo=None)
    alarm = stage.set_alarm(schedule={"start": start.isoformat(), "rrule": "FREQ=DAILY"})
    bug.is_there = True
    stage.pass_time(45)
    bug.is_there = False
    lost = stage.occurrence(alarm["next"]["id"])
    assert (lost["state"], "parked" in [line["event"] for line in lost["ledger"]]) == ("missed", True)
    stage.pass_time(30)
    assert set(stage.push_kinds()) == {"missed"}
    stage.pass_time(86_400)
    assert stage.push_kinds()[-1] == "ring"


def test_a_snooze_that_cannot_ring_again_is_missed_and_says_why() -> None:
    """It must not look snoozed for ever."""
    stage, bug = staged()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    bug.is_there = True
    stage.pass_time(150)
    assert stage.occurrence(occurrence_id)["state"] == "missed"
    assert "parked" in stage.events(occurrence_id)


def test_while_the_database_refuses_one_ring_its_copies_do_not_pile_up() -> None:
    """The index brings it back every ten seconds anyway, for ever; memory holds a few tries at most."""
    stage, _ = staged()
    store = stage.injector.get(Store)
    commit_many = store.commit_many

    def refuse(commits: list[object]) -> list[Committed | Unavailable]:
        return [Unavailable() for _ in commits]

    alarm = stage.set_alarm(20)
    store.commit_many = refuse  # type: ignore[method-assign,assignment]
    stage.pass_time(600)
    assert len(stage.queue._retries) < 10
    store.commit_many = commit_many  # type: ignore[method-assign]
    stage.pass_time(30)
    assert stage.push_kinds() == ["ring"]
    assert "late" in stage.events(alarm["next"]["id"])
