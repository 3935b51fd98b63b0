"""A ring that is answered between its claim and its sending: whatever happens to the sender, every device is stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from smartalarm.errors import Unavailable
from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Connection, JsonObject, PushMessage, PushResult, Timer
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.ringer import Ringer
from tests.stage import FakePush, FakeSockets
from tests.unit.ringing.queue_stage import QueueStage


class Killed(BaseException):
    """The process ends here."""


class DeadlyPush(FakePush):
    """The process dies right after it sent a ring."""

    def send(self, pushes: Sequence[PushMessage]) -> list[PushResult]:
        """Deliver; a ring is the last that this process does."""
        results = super().send(pushes)
        if any(b'"type":"ring"' in push.body for push in pushes):
            raise Killed
        return results


@dataclass
class SilentSockets(FakeSockets):
    """Sockets that cannot be reached for a while."""

    are_silent: bool = False

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """Raises Unavailable meanwhile."""
        if self.are_silent:
            raise Unavailable
        return super().post(messages)


def announcements(stage: QueueStage) -> list[Timer]:
    """Announce timers in the index."""
    return [timer for timer in stage.timers() if timer.purpose == "announce"]


def test_a_sender_that_dies_after_sending_what_was_dismissed_leaves_no_device_ringing() -> None:
    """The stop goes out once more when no sender can hold that ring any longer."""
    stage = QueueStage()
    stage.push = DeadlyPush(stage.clock)
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    run = stage.injector.get(Ringer).ring(RingBatch(tuple(map(HandedTimer, stage.sweep()))))
    stage.clock.wait_until(next(run))
    released_at = next(run)  # claimed, held
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    stage.ring(*announcements(stage))
    stage.clock.wait_until(released_at)
    with pytest.raises(Killed):
        next(run)
    assert stage.push_kinds() == ["stop", "ring"]
    (second,) = announcements(stage)
    stage.clock.wait_until(second.due_at)
    stage.ring(second)
    assert (stage.push_kinds(), stage.timers()) == (["stop", "ring", "stop"], [])


def test_an_answer_to_a_recorded_ring_is_announced_once() -> None:
    """Nothing can go out any more."""
    stage = QueueStage()
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    stage.ring(*announcements(stage))
    assert (stage.push_kinds(), stage.timers()) == (["ring", "stop"], [])


def test_a_sender_that_was_held_up_for_longer_than_the_watch_sends_nothing() -> None:
    """By then the watch has sent it, or somebody answered and every device was stopped for good."""
    stage = QueueStage()
    stage.add_phone()
    stage.set_alarm(20)
    run = stage.injector.get(Ringer).ring(RingBatch(tuple(map(HandedTimer, stage.sweep()))))
    stage.clock.wait_until(next(run))
    stage.clock.wait_until(next(run) + timedelta(seconds=10))
    assert list(run) == []
    assert stage.push_kinds() == []
    assert [timer.purpose for timer in stage.timers()] == ["ladder"]
    stage.ring(*stage.timers())
    assert stage.push_kinds() == ["ring"]


def test_sockets_hear_the_announcement_too_because_the_answering_process_may_have_died() -> None:
    """The stop right after the answer is quick, the announcement is certain."""
    stage = QueueStage()
    sockets = stage.sockets = SilentSockets(stage.clock)
    socket = stage.open_socket()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    sockets.are_silent = True
    stage.injector.get(Answers).dismiss(stage.user, occurrence_id, None)
    sockets.are_silent = False
    stage.ring(*announcements(stage))
    assert [message["type"] for message in stage.heard(socket)][-2:] == ["ring", "stop"]
