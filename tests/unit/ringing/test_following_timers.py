"""What the ring step writes into the due index and is due soon goes to the ring queue at once, not with the next tick."""

from datetime import timedelta

from tests.unit.ringing.queue_stage import QueueStage


def test_the_ladder_is_handed_over_as_soon_as_the_ring_is_recorded() -> None:
    """Its first rung is due in half a minute; the next tick of a cloud scheduler may be two minutes away."""
    stage = QueueStage()
    stage.add_phone()
    stage.set_alarm(20)
    stage.kept.sent.clear()
    stage.ring(*stage.sweep())
    (standing,) = stage.timers()
    sent = [(timer.id, timer.due_at, timer.revision) for timer in stage.kept.sent]
    assert sent == [(standing.id, standing.due_at, standing.revision)]


def test_every_rung_hands_over_the_next_one() -> None:
    """30 s, 2 min and 5 min lie closer together than the ticks may."""
    stage = QueueStage()
    stage.add_phone()
    stage.set_alarm(20)
    stage.ring(*stage.sweep())
    first_rung = stage.kept.sent[-1]
    stage.clock.wait_until(first_rung.due_at)
    stage.ring(first_rung)
    second_rung = stage.kept.sent[-1]
    assert second_rung.due_at - first_rung.due_at == timedelta(seconds=90)


def test_an_alarm_that_rings_again_within_the_look_ahead_is_handed_over_at_once() -> None:
    """Its next ring must not wait for a tick that may come after it."""
    stage = QueueStage()
    stage.add_phone()
    stage.set_alarm(20, schedule={"start": "2026-12-01T06:01:00", "rrule": "FREQ=DAILY;BYHOUR=6;BYMINUTE=1,2"})
    stage.kept.sent.clear()
    first = stage.sweep()
    stage.ring(*first)
    following = [timer for timer in stage.kept.sent if timer.purpose == "ring"]
    assert [timer.due_at - first[0].due_at for timer in following] == [timedelta(minutes=1)]


def test_a_skipped_occurrence_hands_over_the_one_that_follows() -> None:
    """A skip settles its timer, and the next one is due soon, too."""
    stage = QueueStage()
    rule = {"start": "2026-12-01T06:01:00", "rrule": "FREQ=DAILY;BYHOUR=6;BYMINUTE=1,2"}
    alarm = stage.set_alarm(20, schedule=rule)
    stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    stage.kept.sent.clear()
    stage.ring(*stage.sweep())
    assert [timer.due_at.minute for timer in stage.kept.sent] == [2]
