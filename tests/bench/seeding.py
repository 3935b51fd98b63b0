"""Users, devices and alarms by the thousand, made by the product's own classes in the database of a server to be started.

Only the password hash is a fake: a real one takes 30 ms each, on purpose.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

from pydantic import SecretStr

from smartalarm import ports
from smartalarm.accounts.accounts import Accounts
from smartalarm.accounts.profile import NewAccount
from smartalarm.adapters.sql import SqlConnections, SqlStore, open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.alarms.alarm import NewAlarm
from smartalarm.alarms.alarms import Alarms
from smartalarm.alarms.schedule import Schedule
from smartalarm.hosts.local_secrets import with_secrets
from smartalarm.preconditions import IdempotencyKey
from smartalarm.ringing.device import NewDevice, PushSubscription
from smartalarm.ringing.devices import Devices
from smartalarm.settings import Settings
from smartalarm.wiring import memory_injector
from tests.fakes import QuickPasswords

T = TypeVar("T")
R = TypeVar("R")

THREADS = 16  # they share the flushes to the disk


@dataclass(frozen=True)
class SeededUser:
    """A user who is signed in; the access token is good for 15 minutes."""

    id: str
    token: str


class Seeding:
    """An open DATA_DIR, before a server uses it."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        url = f"sqlite:///{data_dir.resolve() / 'smartalarm.db'}"
        given = Settings(data_dir=str(data_dir), connection_string=SecretStr(url), **settings)
        self._engine = engine = open_engine(url)
        migrate(engine)
        self._injector = memory_injector(
            with_secrets(given, data_dir),
            {
                ports.Store: lambda: SqlStore(engine),
                ports.Connections: lambda: SqlConnections(engine),
                ports.Passwords: QuickPasswords,
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    @property
    def store(self) -> ports.Store:
        """For what no class of the product makes at once."""
        return SqlStore(self._engine)

    def users(self, count: int) -> list[SeededUser]:
        """That many new accounts."""
        accounts = self._injector.get(Accounts)

        def make(number: int) -> SeededUser:
            new = NewAccount(email=f"user{number}-{uuid4().hex}@example.org", password=uuid4().hex, time_zone="UTC")
            signed_in = accounts.register(new, client_address=f"address-{number}")
            return SeededUser(signed_in.user.id, signed_in.access_token)

        return _side_by_side(make, range(count))

    def devices(self, users: Sequence[SeededUser], subscriptions: Sequence[dict[str, Any]]) -> None:
        """One device for each user, with a push subscription."""
        devices = self._injector.get(Devices)

        def make(pair: tuple[SeededUser, dict[str, Any]]) -> None:
            user, made = pair
            subscription = PushSubscription.model_validate({name: made[name] for name in ("endpoint", "keys")})
            device = NewDevice(name="Phone", platform="bench", push_subscription=subscription)
            devices.put(user.id, str(uuid4()), device, expected=None)

        _side_by_side(make, list(zip(users, subscriptions, strict=True)))

    def alarms(self, users: Sequence[SeededUser], due_at: datetime) -> None:
        """One alarm for each user, once, at the instant (whole seconds)."""
        alarms = self._injector.get(Alarms)
        new = NewAlarm(label="Bench", time_zone="UTC", schedule=Schedule(start=due_at.replace(tzinfo=None)))
        _side_by_side(lambda user: alarms.create(user.id, new, IdempotencyKey(None, "")), users)


def _side_by_side(make: Callable[[T], R], items: Sequence[T]) -> list[R]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(make, items))
