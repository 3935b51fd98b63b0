"""What is only told waits for what rings, also in one batch of the queue."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from smartalarm.ports import PushMessage, PushResult
from tests.stage import FakePush
from tests.unit.ringing.queue_stage import QueueStage


class SlowStops(FakePush):
    """A push service that hangs on everything but rings."""

    def send(self, pushes: "list[PushMessage]") -> list[PushResult]:  # type: ignore[override]  # as the stage calls it
        """Deliver, late."""
        if any(json.loads(push.body)["type"] != "ring" for push in pushes):
            self.clock.advance(5)
        return super().send(pushes)


def test_an_overdue_ring_does_not_wait_for_a_stop_that_hangs() -> None:
    """Both come in one batch, the stop first."""
    stage = QueueStage()
    stage.push = SlowStops(stage.clock)
    stage.add_phone()
    answered = stage.set_alarm(20)
    stage.ring(*stage.sweep(), for_seconds=21)
    late = stage.set_alarm(40)
    stage.clock.advance(60)
    stage.call("POST", f"/occurrences/{answered['next']['id']}/dismiss", {})
    begun_at = stage.clock.now()
    stage.ring(*sorted(stage.sweep(), key=lambda timer: timer.purpose))
    (rung,) = [push for push in stage.pushes() if push.body["occurrence"]["id"] == late["next"]["id"]]
    assert rung.at == begun_at
    assert stage.push_kinds()[-2:] == ["ring", "stop"]


@dataclass
class Answered(SlowStops):
    """Somebody answers the first ring while it goes out."""

    answer: list[Callable[[], object]] = field(default_factory=list)

    def send(self, pushes: "list[PushMessage]") -> list[PushResult]:  # type: ignore[override]  # as the stage calls it
        """Deliver, and let them answer."""
        results = super().send(pushes)
        while self.answer:
            self.clock.advance(0.4)
            self.answer.pop()()
        return results


def test_a_ring_answered_while_it_goes_out_is_stopped_again_after_the_next_ring_of_the_run() -> None:
    """The next one came due during the first one's sending; the stop hangs."""
    stage = QueueStage()
    push = stage.push = Answered(stage.clock)
    stage.add_phone()
    snoozed = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep(), for_seconds=21)
    stage.clock.advance(0.1)
    stage.call("POST", f"/occurrences/{snoozed}/snooze", {"minutes": 1})
    (again,) = [timer for timer in stage.timers() if timer.purpose == "again"]
    first = stage.set_alarm((again.due_at - stage.clock.now()).total_seconds())["next"]
    (alarm,) = [timer for timer in stage.timers() if timer.purpose == "ring"]
    assert timedelta() < again.due_at - alarm.due_at < timedelta(seconds=1)
    push.answer.append(lambda: stage.call("POST", f"/occurrences/{first['id']}/dismiss", {}))
    stage.ring(alarm, again)
    last = [one for one in stage.pushes() if one.body["type"] == "ring"][-1]
    assert last.body["occurrence"]["id"] == snoozed
    assert last.at - again.due_at < timedelta(seconds=1)
