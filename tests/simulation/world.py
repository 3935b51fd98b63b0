"""A world: one store, one host of the real code, people, and faults, all on one time line and all from one seed."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Literal

from pydantic import SecretStr

from smartalarm import ports, wiring
from smartalarm.adapters.memory import MemoryConnections
from smartalarm.alarms.zones import zone
from smartalarm.errors import SmartAlarmError
from smartalarm.injection import Injector
from smartalarm.settings import Settings
from tests.simulation.boxes import Boxes
from tests.simulation.cloud import Cloud
from tests.simulation.faults import Faults
from tests.simulation.households import Households
from tests.simulation.meddling import Meddling
from tests.simulation.patience import Patience
from tests.simulation.people import Clients, People
from tests.simulation.postal import PostOffice, SimulatedPush, SimulatedSockets
from tests.simulation.serving import Host
from tests.simulation.sleepers import Sleepers
from tests.simulation.timeline import Timeline, VirtualClock
from tests.simulation.unreliable import SimulatedStore, UnreliableConnections, UnreliableStore
from tests.simulation.wire import Wire
from tests.simulation.witness import Witness

Mode = Literal["queue", "lease", "lease-two"]
MODES: Final[tuple[Mode, ...]] = ("queue", "lease", "lease-two")
REST: Final = timedelta(minutes=75)
"""The end of every world: the weather is calm, nobody meddles, what is under way comes to its end."""

KEEPING_UP: Final = timedelta(hours=6)

SEASONS: Final = (
    (datetime(2026, 10, 24, 20, tzinfo=UTC), ("Europe/Berlin", "Europe/London", "America/New_York", "America/Havana")),
    (datetime(2026, 3, 27, 20, tzinfo=UTC), ("Europe/Madrid", "Europe/Lisbon", "Asia/Beirut", "America/Nuuk")),
    (datetime(2026, 10, 3, 0, tzinfo=UTC), ("Australia/Lord_Howe", "Australia/Sydney", "America/Asuncion")),
    (datetime(2026, 4, 3, 22, tzinfo=UTC), ("Australia/Lord_Howe", "America/Santiago", "Pacific/Auckland")),
    (datetime(2026, 3, 7, 0, tzinfo=UTC), ("America/New_York", "America/Los_Angeles", "America/St_Johns")),
)
"""Weeks in which clocks change, and zones that do it then; the last one also holds the next Sunday."""
STEADY: Final = ("UTC", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Kiritimati")


@dataclass(frozen=True)
class Plan:
    """What to simulate. `store` and `replacing` put broken parts in place of sound ones.

    `sleepers`: before how many of the rings somebody records sleep. `is_over_when_wrong`: soon after something wrong was
    seen, the rest of the week is left out.
    """

    seed: int
    mode: Mode = "queue"
    occurrences: int = 1000
    days: float = 7.0
    store: Callable[[], SimulatedStore] = SimulatedStore
    replacing: Mapping[type, type] = field(default_factory=dict)
    sleepers: float = 0.0
    is_over_when_wrong: bool = False


class SeededEntropy:
    """`Entropy` that repeats."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def uuid(self) -> str:
        """See `Entropy.uuid`."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def token(self, size: int) -> str:
        """See `Entropy.token`."""
        return self._rng.randbytes(size).hex()

    def fraction(self) -> float:
        """See `Entropy.fraction`."""
        return self._rng.random()


class PlainSigner:
    """`Signer` that signs nothing: nobody here forges tokens."""

    def sign(self, claims: ports.JsonObject, *, now: datetime, lifetime_seconds: int) -> str:  # noqa: ARG002  the port's
        """A token of the usual length."""
        return "t" * 300

    def verify(self, token: str, *, now: datetime) -> dict[str, Any]:
        """Nobody asks."""
        raise NotImplementedError

    def derive(self, purpose: str, text: str) -> str:
        """Nobody asks."""
        raise NotImplementedError


class WatchfulTelemetry:
    """`Telemetry` that counts, and tells the witness about errors that are not of our own kinds."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """See `Telemetry.count`."""
        self._witness.counts[name] += value
        if name == "timers_parked_total":
            self._witness.wrong(f"a timer was parked: {labels}")

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Not looked at."""

    def log(self, event: str, **fields: Any) -> None:
        """Not looked at."""

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """See `Telemetry.problem`."""
        self._witness.counts[f"problem {event}"] += 1
        if error is not None and not isinstance(error, SmartAlarmError):
            self._witness.wrong(f"{event}: {error!r} {fields}")

    def exposition(self) -> str:
        """None."""
        return ""


class World:
    """Everything of one simulation."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        streams = [random.Random(f"{plan.seed}:{plan.mode}:{name}") for name in ("faults", "people", "entropy", "season")]  # noqa: S311  it shall repeat
        start, changing = streams[3].choice(SEASONS)
        self.start, self.end = start, start + timedelta(days=plan.days)
        self.zones = (*changing, *STEADY)
        rest_from = self.end - REST
        self.timeline = Timeline(start)
        self.faults = Faults(streams[0], self.timeline, start, rest_from)
        self.store = plan.store()
        self.connections = MemoryConnections()
        self.office = PostOffice(self.timeline, self.faults)
        self._entropy = SeededEntropy(streams[2])
        is_queue = plan.mode == "queue"
        self.patience = Patience(
            self.faults,
            lambda instant: self.host.tick_after(instant),  # noqa: PLW0108  the host is made after this
            soon=timedelta(seconds=3.5 if is_queue else 1.0),
            look_back=timedelta(minutes=6) if is_queue else timedelta(seconds=15),
            notice=timedelta(seconds=4 if is_queue else 2),
            standing={},
        )
        self.witness = Witness(self.timeline, self.store, self.patience)
        self.host: Host = self._cloud() if is_queue else self._boxes(1 if plan.mode == "lease" else 2)
        self.clients = Clients(streams[1], self.timeline, self.host, self.witness)
        self.clients.excused = self._is_excused
        self.people = People(self.clients)
        self.meddling = Meddling(self.clients, self.people, self.zones, rest_from)
        self.witness.on_change.append(self.meddling.planned)
        if plan.sleepers:
            rng = random.Random(f"{plan.seed}:{plan.mode}:sleep")  # noqa: S311  it shall repeat
            self.sleepers = Sleepers(rng, self.clients, plan.sleepers, rest_from)
            self.meddling.window_of = self.sleepers.window
            self.witness.on_change.append(self.sleepers.planned)
        self.office.posted, self.office.arrived = self.witness.posted, self.people.arrived
        self.households = Households(
            streams[1], self.clients, self.people, self.meddling, self.office, self.store, self.zones, rest_from
        )

    def run(self) -> None:
        """From the first day to the last."""
        self.host.start()
        self._keep_up()
        if self.plan.is_over_when_wrong:
            for hours in range(6, int(24 * self.plan.days), 6):
                self.timeline.run(self.start + timedelta(hours=hours))
                if self.witness.violations:
                    return
        self.timeline.run(self.end)

    def _keep_up(self) -> None:
        """See to it now and every few hours that the week has as many occurrences as planned, whatever people do."""
        self.households.keep_up(self.plan.occurrences, len(self.witness.lives), zone)
        if self.timeline.now + KEEPING_UP < self.households.until:
            self.timeline.at(self.timeline.now + KEEPING_UP, self._keep_up)

    def close(self) -> None:
        """End all that still runs."""
        self.timeline.close()
        wiring.use(None)

    def _is_excused(self, user: str) -> bool:
        now = self.timeline.now
        return self.faults.last_until(user, now - timedelta(seconds=30), now) is not None

    # ---- hosts

    def _cloud(self) -> Cloud:
        return Cloud(self.timeline, self.faults, self._make_injector, self.witness.wrong)

    def _boxes(self, count: int) -> Boxes:
        names = [f"box-{number + 1}" for number in range(count)]
        boxes = Boxes(self.timeline, self.faults, self._make_injector, self.witness.wrong, self.store, names)
        boxes.on_lost_host = self._close_sockets
        self.witness.on_change.append(boxes.stir)
        return boxes

    def _close_sockets(self, host: str) -> None:
        """A process died, and with it the sockets that it held."""
        for person in self.people.persons.values():
            for device in person.devices.values():
                connection = self.connections.find(device.socket) if device.socket else None
                if connection is not None and connection.host == host:
                    self.office.open_sockets.discard(connection.id)

    def _make_injector(self, wire: Wire, replacing: Mapping[type, Callable[[], Any]]) -> Injector:
        """The adapters of one process."""
        wire.on_race = self._race
        is_queue = self.plan.mode == "queue"
        adapters: dict[type, Callable[[], Any]] = {
            ports.Clock: lambda: VirtualClock(self.timeline),
            ports.Entropy: lambda: self._entropy,
            ports.Store: lambda: UnreliableStore(self.store, wire),
            ports.Connections: lambda: UnreliableConnections(self.connections, wire),
            ports.PushService: lambda: SimulatedPush(self.office, wire),
            ports.Sockets: lambda: SimulatedSockets(
                self.office, wire, self.connections, None if is_queue else wire.process.name
            ),
            ports.Signer: PlainSigner,
            ports.Telemetry: lambda: WatchfulTelemetry(self.witness),
            **replacing,
        }
        for sound, broken in self.plan.replacing.items():
            adapters[sound] = partial(lambda kind: made[0].get(kind), broken)  # noqa: PLW0108  made below
        made: list[Injector] = [wiring.memory_injector(SETTINGS, adapters)]
        return made[0]

    def _race(self, commit: ports.Commit) -> None:
        self.timeline.at(self.timeline.now, lambda: self.meddling.race(commit))


SETTINGS: Final = Settings(jwt_secret_key=SecretStr("a-secret-of-thirty-two-characters"))
