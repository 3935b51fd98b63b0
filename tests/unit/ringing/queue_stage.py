"""The stage with a ring queue that only keeps what it is given: the test decides what the ring step gets, and how often."""

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from smartalarm import ports
from smartalarm.events import HandedTimer, RingBatch
from smartalarm.ringing.ringer import Ringer
from smartalarm.settings import Settings
from tests.stage import Stage


class KeptQueue:
    """`RingQueue` that keeps."""

    def __init__(self) -> None:
        self.sent: list[ports.Timer] = []
        self.retried: list[tuple[ports.Timer, int]] = []

    def send(self, timers: Sequence[ports.Timer], *, now: datetime) -> None:  # noqa: ARG002  the port's name
        """Keep them."""
        self.sent += timers

    def retry(self, timer: ports.Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:  # noqa: ARG002  the port's names
        """Keep it."""
        self.retried.append((timer, attempt))


class QueueStage(Stage):
    """One signed-in user on a host with a queue."""

    def __init__(self, replacing: Mapping[type, Callable[[], Any]] | None = None, **settings: Any) -> None:
        super().__init__(replacing, **settings)
        self.kept = KeptQueue()
        self.queue = self.kept  # type: ignore[assignment]  # made before anybody asked for the queue
        self.user = self.sign_up()

    @property
    def store(self) -> ports.Store:
        """The store itself."""
        return self.injector.get(ports.Store)

    def timers(self) -> list[ports.Timer]:
        """All timers in the index."""
        return self.store.timers(self.user)

    def sweep(self) -> list[ports.Timer]:
        """What a tick hands over now."""
        now = self.clock.now()
        return self.store.take_due(now=now, until=now + self.injector.get(Settings).look_ahead, limit=100)

    def start(self, *timers: ports.Timer) -> Generator[datetime, None, tuple[ports.Timer, ...]]:
        """One run of the ring step over these timers, to be taken from one wait to the next."""
        return self.injector.get(Ringer).ring(RingBatch(tuple(HandedTimer(timer) for timer in timers)))

    def ring(self, *timers: ports.Timer, for_seconds: float = 60) -> None:
        """One run of the ring step over these timers; it is left alone when it wants to wait longer."""
        ends_at = self.clock.now() + timedelta(seconds=for_seconds)
        for instant in self.start(*timers):
            if instant > ends_at:
                return
            self.clock.wait_until(instant)
