"""Fakes for what reaches out of the process, and a world in memory that is made of them."""

import base64
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from smartalarm import ports, wiring
from smartalarm.injection import Injector
from smartalarm.settings import Settings

START = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.instant = START

    def now(self) -> datetime:
        """Where it stands."""
        return self.instant

    def wait_until(self, instant: datetime) -> None:
        """Move there."""
        self.instant = max(self.instant, instant)

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.instant += timedelta(seconds=seconds)


class SeededEntropy:
    """Randomness that repeats."""

    def __init__(self) -> None:
        self._random = random.Random(20261201)  # noqa: S311  tests repeat

    def uuid(self) -> str:
        """A UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def token(self, size: int) -> str:
        """Bytes as base64url."""
        return base64.urlsafe_b64encode(self._random.randbytes(size)).decode().rstrip("=")

    def fraction(self) -> float:
        """Between 0 and 1."""
        return self._random.random()


class QuickPasswords:
    """Hashing that costs nothing; it remembers what it was asked to verify."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    def hash(self, password: str) -> str:
        """Reversed, so that the plain text never equals what is stored."""
        return f"quick:{password[::-1]}"

    def verify(self, encoded: str | None, password: str) -> bool:
        """Whether it fits."""
        self.verified.append(encoded)
        return encoded == f"quick:{password[::-1]}"


class RecordingQueue:
    """Keeps what was sent; can be told to fail."""

    def __init__(self) -> None:
        self.sent: list[ports.Timer] = []
        self.error: Exception | None = None

    def send(self, timers: Sequence[ports.Timer], *, now: datetime) -> None:  # noqa: ARG002  the port's name
        """Keep or fail."""
        if self.error is not None:
            raise self.error
        self.sent += timers

    def retry(self, timer: ports.Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:
        """Not used here."""


class RecordingTelemetry:
    """Keeps the problems."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Not looked at."""

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Not looked at."""

    def log(self, event: str, **fields: Any) -> None:
        """Not looked at."""

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:  # noqa: ARG002  the port's
        """Keep the event's name."""
        self.problems.append(event)

    def exposition(self) -> str:
        """None."""
        return ""


def memory_world(replacing: Mapping[type, Callable[[], Any]] | None = None, **settings: Any) -> Injector:
    """Everything in memory under a `ManualClock`; settings as given, other adapters in place of some by `replacing`."""
    fakes: dict[type, Callable[[], Any]] = {
        ports.Clock: ManualClock,
        ports.Entropy: SeededEntropy,
        ports.Passwords: QuickPasswords,
        ports.RingQueue: RecordingQueue,
        ports.Telemetry: RecordingTelemetry,
        **(replacing or {}),
    }
    known = {"jwt_secret_key": SecretStr("a-secret-of-thirty-two-characters"), **settings}
    return wiring.memory_injector(Settings(**known), fakes)


def clock_of(world: Injector) -> ManualClock:
    """The world's clock, to be moved."""
    clock = world.get(ports.Clock)
    assert isinstance(clock, ManualClock)
    return clock
