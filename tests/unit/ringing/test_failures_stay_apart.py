"""What fails for one ring or one step of a run takes nothing else of the run with it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from smartalarm.adapters.memory import MemoryStore
from smartalarm.errors import Unavailable
from smartalarm.ports import Document, Key, PushResult, Store
from tests.unit.ringing.queue_stage import QueueStage


class FailingStore(MemoryStore):
    """Refuses what it is told to refuse."""

    refuses_reads_of: str | None = None

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """Raises Unavailable for some documents."""
        asked = list(keys)
        if any(key.kind == self.refuses_reads_of for key in asked):
            raise Unavailable
        return super().read(asked)


@pytest.fixture
def store() -> FailingStore:
    """A store that works as long as nothing else is said."""
    return FailingStore()


def lateness(stage: QueueStage, alarm: dict[str, Any], phone: str = "phone") -> list[timedelta]:
    """How late each ring of the alarm reached the phone."""
    due_at = datetime.fromisoformat(alarm["next"]["at"])
    return [push.at - due_at for push in stage.pushes(phone) if push.body["occurrence"]["id"] == alarm["next"]["id"]]


def test_later_rings_of_a_run_go_out_although_an_earlier_one_could_not_be_recorded(store: FailingStore) -> None:
    """A run holds rings of several seconds; a failure after the first must not end it."""
    stage = QueueStage({Store: lambda: store})
    phone = stage.add_phone()
    alarms = [stage.set_alarm(20), stage.set_alarm(23)]
    run = stage.start(*stage.sweep())
    stage.clock.wait_until(next(run))
    released_at = next(run)  # claimed: an acknowledgement makes the record read again what it could not write
    stage.call("POST", f"/occurrences/{alarms[0]['next']['id']}/ack", {"event": "shown", "device_id": phone})
    store.refuses_reads_of = "occurrence"
    stage.clock.wait_until(released_at)
    claims_at = next(run)
    store.refuses_reads_of = None
    stage.clock.wait_until(claims_at)
    stage.clock.wait_until(next(run))
    next(run, None)
    assert [lateness(stage, alarm) for alarm in alarms] == [[timedelta()], [timedelta()]]


def test_the_records_of_others_stand_when_one_cannot_be_read_again(store: FailingStore) -> None:
    """Whoever was recorded is recorded; the rest is left to the watch."""
    stage = QueueStage({Store: lambda: store})
    phone = stage.add_phone()
    first, second = stage.set_alarm(20)["next"]["id"], stage.set_alarm(20)["next"]["id"]
    run = stage.start(*stage.sweep())
    stage.clock.wait_until(next(run))
    released_at = next(run)
    stage.call("POST", f"/occurrences/{first}/ack", {"event": "shown", "device_id": phone})
    store.refuses_reads_of = "occurrence"
    stage.clock.wait_until(released_at)
    next(run, None)
    store.refuses_reads_of = None
    wait = {timer.subject: timer.due_at - released_at for timer in stage.timers()}
    assert wait == {first: timedelta(seconds=10), second: timedelta(seconds=30)}
    assert second in {timer.subject for timer in stage.kept.sent if timer.purpose == "ladder"}


def test_a_dead_subscription_that_cannot_be_dropped_now_does_not_end_the_run(store: FailingStore) -> None:
    """It is dropped the next time it is met."""
    stage = QueueStage({Store: lambda: store})
    stage.add_phone()
    stage.add_phone("lost")
    alarms = [stage.set_alarm(20), stage.set_alarm(23)]
    gone = PushResult("gone", 410, stage.clock.now(), "410 Gone")
    stage.push.answers["https://push.example/lost"] = [gone, gone]
    run = stage.start(*stage.sweep())
    stage.clock.wait_until(next(run))
    released_at = next(run)
    store.refuses_reads_of = "device"
    stage.clock.wait_until(released_at)
    stage.clock.wait_until(next(run))
    stage.clock.wait_until(next(run))
    next(run, None)
    assert [lateness(stage, alarm) for alarm in alarms] == [[timedelta()], [timedelta()]]
