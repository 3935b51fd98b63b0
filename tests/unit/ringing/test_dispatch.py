"""The sweep: what it could not hand over is handed over by the next one."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from smartalarm.errors import Unavailable
from smartalarm.ports import Timer
from smartalarm.ringing.dispatch import Dispatch
from tests.unit.ringing.queue_stage import QueueStage


def test_what_the_queue_refused_is_handed_over_by_the_next_tick() -> None:
    """Not only when it is overdue: the next tick may come minutes before its instant."""
    stage = QueueStage()
    alarms = [stage.set_alarm(240) for _ in range(3)]
    stage.kept.sent.clear()
    send = stage.kept.send

    def refuse(timers: Sequence[Timer], *, now: datetime) -> None:  # noqa: ARG001  the port's names
        raise Unavailable

    stage.kept.send = refuse  # type: ignore[method-assign]
    dispatch = stage.injector.get(Dispatch)
    with pytest.raises(Unavailable):
        dispatch.sweep()
    stage.kept.send = send  # type: ignore[method-assign]
    stage.clock.advance(60)
    assert dispatch.sweep() == 3
    assert sorted(timer.subject for timer in stage.kept.sent) == sorted(alarm["next"]["id"] for alarm in alarms)


def test_the_look_ahead_is_what_the_setting_says() -> None:
    """On the direct path and in the sweep: 30 s ahead go to the queue, 31 s wait for a tick that sees them."""
    stage = QueueStage(ring_look_ahead_seconds=30)
    stage.set_alarm(30)
    assert len(stage.kept.sent) == 1
    stage.set_alarm(31)
    dispatch = stage.injector.get(Dispatch)
    assert (len(stage.kept.sent), dispatch.sweep()) == (1, 1)
    stage.clock.advance(1)
    assert dispatch.sweep() == 1
    assert len(stage.kept.sent) == 3
