"""Smart wake on every store: of many that decide and ring at once one rings, and the alarm's own timer stays as it was."""

from smartalarm import ports
from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ports import Store, Timer
from smartalarm.ringing.ringer import Ringer
from smartalarm.sleep.considering import SmartWakeDecision
from tests.contract.racing import THREADS, race
from tests.functions.sleeping import AWAKE, Sleeper, SureStager
from tests.stage import Stage


def guards(store: Store, user: str, purpose: str) -> list[Timer]:
    """The user's timers of a purpose, by what they are guarded by."""
    return [
        Timer(t.id, user, t.due_at, purpose, t.subject, t.revision, t.due_at)
        for t in store.timers(user)
        if t.purpose == purpose
    ]


def test_of_many_batches_and_ring_steps_one_rings(store: Store) -> None:
    """Eight batches are decided at once, then eight ring steps get the timer that came of it."""
    sleeper = Sleeper(Stage({ports.Store: lambda: store, ports.SleepStager: SureStager}))
    stage, user = sleeper.stage, sleeper.user
    occurrence_id = sleeper.set_alarm(30)
    stage.clock.advance(600)
    own = guards(store, user, "ring")

    decided = race(lambda _: sleeper.send(AWAKE))
    assert any(isinstance(one, SmartWakeDecision) and one.rings for one in decided)
    early = [timer for timer in store.timers(user) if timer.purpose == "early"]
    assert len(early) == 1

    ringer = stage.injector.get(Ringer)

    def ring(_: int) -> None:
        run = ringer.ring(RingBatch((HandedTimer(early[0]),)))
        for _step in range(5):
            if next(run, None) is None:
                return

    assert race(ring) == [None] * THREADS
    known = stage.occurrence(occurrence_id)
    events = [line["event"] for line in known["ledger"]]
    assert (known["state"], known["ring_count"], events.count("claimed"), events.count("early")) == ("ringing", 1, 1, 1)
    assert len(sleeper.rings()) == 1
    assert guards(store, user, "ring") == own
    assert guards(store, user, "early") == []
