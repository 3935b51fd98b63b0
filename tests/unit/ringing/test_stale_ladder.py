"""A ladder timer of a ring that is over, carried late, does nothing to the ring that came after a snooze."""

from datetime import timedelta

from tests.unit.ringing.queue_stage import QueueStage


def test_a_rung_of_the_first_ring_never_sends_the_second_one_early() -> None:
    """The second ring is claimed and held for its instant when the old timer arrives."""
    stage = QueueStage()
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    (old_rung,) = stage.timers()
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    (again,) = [timer for timer in stage.timers() if timer.purpose == "again"]
    stage.ring(again, for_seconds=(again.due_at - stage.clock.now() - timedelta(milliseconds=500)).total_seconds())
    assert stage.occurrence(occurrence_id)["ring_count"] == 2
    stage.ring(old_rung, for_seconds=0)
    assert stage.clock.now() < again.due_at
    assert stage.push_kinds() == ["ring"]
    assert stage.kept.retried == []
