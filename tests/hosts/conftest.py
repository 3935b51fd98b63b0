"""The sample functions' world: real adapters of the memory kind behind the hosts, and one client per host."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartalarm import ports, wiring
from smartalarm.adapters.memory import MemoryCounters
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.injection import Injector
from smartalarm.settings import Settings
from tests.fakes import ManualClock
from tests.hosts.clients import AwsClient, GcpClient, HostClient, OciClient

SAMPLES = Path(__file__).parent / "sample_functions"


class Notebook:
    """Telemetry that remembers what it was told."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, int, dict[str, str]]] = []
        self.problems: list[tuple[str, BaseException | None, dict[str, Any]]] = []

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Remember a count."""
        self.counted.append((name, value, labels))

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Durations are not looked at here."""

    def log(self, event: str, **fields: Any) -> None:
        """Neither are lines that report no problem."""

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Remember a problem."""
        self.problems.append((event, error, fields))


@pytest.fixture
def notebook() -> Notebook:
    """What the functions of one test reported."""
    return Notebook()


@pytest.fixture
def signer() -> JwtSigner:
    """The signer that the hosts use."""
    return JwtSigner("a secret of at least 32 characters", "smartalarm", "smartalarm")


@pytest.fixture
def injector(notebook: Notebook, signer: JwtSigner) -> Iterator[Injector]:
    """What the hosts inject, for as long as the test runs."""
    settings = Settings(cors_origins=("https://app.example",), trusted_proxies=("169.254.0.0/16", "oci-gateway"))
    made = Injector(
        {
            Settings: lambda: settings,
            ports.Clock: ManualClock,
            ports.Counters: MemoryCounters,
            ports.Signer: lambda: signer,
            ports.Telemetry: lambda: notebook,
        }
    )
    wiring.use(made)
    yield made
    wiring.use(None)


CLIENTS: dict[str, HostClient] = {
    "aws": AwsClient(),
    "aws with a stage": AwsClient(stage="live"),
    "gcp": GcpClient(),
    "oci": OciClient(),
}


@pytest.fixture(params=list(CLIENTS))
def client(request: pytest.FixtureRequest) -> HostClient:
    """Each host's own adapter."""
    return CLIENTS[request.param]


@pytest.fixture(params=["gcp", "oci"])
def http_client(request: pytest.FixtureRequest) -> HostClient:
    """The hosts that know only HTTP: Lambda is invoked, not called."""
    return CLIENTS[request.param]
