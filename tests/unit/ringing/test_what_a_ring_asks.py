"""What a ring asks of the queue and the store: each call is paid for, a million times."""

from collections.abc import Sequence
from datetime import datetime

from smartalarm import ports
from smartalarm.adapters.memory import MemoryStore
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Commit, Committed, Timer
from tests.unit.ringing.queue_stage import QueueStage


class CountingStore(MemoryStore):
    """Remembers what was committed."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[Commit] = []

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        self.commits.append(commit)
        return super().commit(commit)

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """See `Store.commit_many`."""
        self.commits += commits
        return super().commit_many(commits)


def test_what_rang_in_one_second_climbs_in_one_message() -> None:
    """Three users ring together: their first rungs are handed to the queue by one call."""
    stage = QueueStage()
    for name in ("bo@example.org", "cy@example.org", "di@example.org"):
        stage.sign_up(name)
        stage.add_phone(name)
        stage.set_alarm(20)
    calls: list[list[Timer]] = []

    def send(timers: Sequence[Timer], *, now: datetime) -> None:  # noqa: ARG001  the port's names
        calls.append([timer for timer in timers if timer.purpose == "ladder"])

    stage.kept.send = send  # type: ignore[method-assign]
    stage.ring(*stage.sweep(), for_seconds=30)
    assert [len(timers) for timers in calls if timers] == [3]


def test_the_rung_of_an_answered_ring_writes_nothing() -> None:
    """Its timer went with the answer; the message that was under way then finds nothing to do."""
    store = CountingStore()
    stage = QueueStage({ports.Store: lambda: store})
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    rung = next(timer for timer in stage.timers() if timer.purpose == "ladder")
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    store.commits.clear()
    stage.clock.wait_until(rung.due_at)
    stage.ring(rung)
    assert (store.commits, stage.kept.retried) == ([], [])


def test_a_rung_that_stands_although_its_ring_is_over_is_cleared_when_the_sweep_brings_it() -> None:
    """Nothing leaves such a timer behind; were it there, it must not come back with every tick."""
    stage = QueueStage()
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.ring(*stage.sweep())
    rung = next(timer for timer in stage.timers() if timer.purpose == "ladder")
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
    stage.store.commit(Commit(stage.user, stage.clock.now(), timers=(ports.TimerChange(rung.id, rung),)))
    stage.clock.wait_until(rung.due_at)
    stage.clock.advance(60)
    stage.ring(*stage.sweep())
    assert rung.id not in {timer.id for timer in stage.timers()}
