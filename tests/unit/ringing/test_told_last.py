"""What is only told waits for what rings, also in one batch of the queue."""

from smartalarm.ports import PushMessage, PushResult
from tests.stage import FakePush
from tests.unit.ringing.queue_stage import QueueStage


class SlowStops(FakePush):
    """A push service that hangs on everything but rings."""

    def send(self, pushes: "list[PushMessage]") -> list[PushResult]:  # type: ignore[override]  # as the stage calls it
        """Deliver, late."""
        if any(b'"ring"' not in push.body for push in pushes):
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
