"""An announcement that is carried twice is announced at most twice, and then it is over."""

import pytest

from smartalarm.ports import Timer
from tests.unit.ringing.queue_stage import QueueStage


@pytest.fixture
def stage() -> QueueStage:
    """A user with a phone."""
    made = QueueStage()
    made.add_phone()
    return made


def dismissed(stage: QueueStage) -> Timer:
    """The announce timer after a ring was dismissed."""
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    return next(timer for timer in stage.timers() if timer.purpose == "announce")


def test_the_second_copy_of_an_announcement_is_not_tried_again(stage: QueueStage) -> None:
    """A queue delivers at least once; who comes second has nothing left to do, now and for ever."""
    announcement = dismissed(stage)
    stage.ring(announcement)
    stage.ring(announcement)
    assert (stage.timers(), stage.kept.retried) == ([], [])


def test_a_test_push_that_is_carried_twice_is_over_after_the_second(stage: QueueStage) -> None:
    """The same for a test push."""
    device = stage.add_phone("tablet")
    stage.call("POST", f"/devices/{device}/test", status=202)
    (timer,) = stage.timers()
    stage.ring(timer)
    stage.ring(timer)
    assert (stage.timers(), stage.kept.retried) == ([], [])


def test_only_announcements_that_stand_in_the_index_are_sent_to_the_queue(stage: QueueStage) -> None:
    """An answer to what does not ring announces nothing."""
    occurrence_id = stage.set_alarm(60)["next"]["id"]
    stage.kept.sent.clear()
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    assert (stage.timers(), stage.kept.sent) == ([], [])


def test_many_announcements_go_on_when_one_of_them_was_made_already(stage: QueueStage) -> None:
    """The others of a run are announced once, not once more because of it."""
    first, second = dismissed(stage), dismissed(stage)
    stage.ring(first)
    before = len(stage.push_kinds())
    stage.ring(first, second)
    assert (stage.push_kinds()[before:], stage.timers(), stage.kept.retried) == (["stop", "stop"], [], [])
