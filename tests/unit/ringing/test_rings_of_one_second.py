"""Rings of one instant leave together, also those of one user: a slow push service behind one never delays another."""

from collections.abc import Sequence

from smartalarm.ports import PushMessage, PushResult
from tests.stage import FakePush
from tests.unit.ringing.queue_stage import QueueStage


class SlowPush(FakePush):
    """A push service that answers after five seconds, although it delivers at once."""

    def send(self, pushes: Sequence[PushMessage]) -> list[PushResult]:
        """Deliver all side by side, and take time."""
        results = super().send(pushes)
        self.clock.advance(5)
        return results


def test_two_alarms_of_one_user_at_one_second_both_leave_at_that_second() -> None:
    """They are claimed one after the other, but released in one sending."""
    stage = QueueStage()
    stage.push = SlowPush(stage.clock)
    stage.add_phone()
    due = [stage.set_alarm(20)["next"]["at"] for _ in range(3)]
    stage.ring(*stage.sweep())
    sent = [push.at.isoformat(timespec="milliseconds").replace("+00:00", "Z") for push in stage.pushes()]
    assert sent == due
