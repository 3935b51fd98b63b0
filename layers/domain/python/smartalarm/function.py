"""How a function is declared: @endpoint, @pages, @schedule, @consumer, @socket, and `entrypoints` for the clouds.

A declaration is data read from the function's signature; hosts run it, scripts/manifests.py writes manifests from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from smartalarm.endpoint import Endpoint, endpoint_from
from smartalarm.errors import SmartAlarmError
from smartalarm.injection import ports_of
from smartalarm.ports import SleepStager

F = TypeVar("F", bound=Callable[..., Any])
Host = Literal["aws", "gcp", "oci", "local"]
ALL_HOSTS: tuple[Host, ...] = ("aws", "gcp", "oci", "local")


@dataclass(frozen=True)
class Declaration:
    """What every kind of function has: its name (verb_noun), code, hosts, memory and time limit."""

    name: str
    call: Callable[..., Any]
    hosts: tuple[Host, ...]
    memory_mb: int
    timeout_seconds: int
    is_canary: bool = field(default=False, kw_only=True)  # a new version gets a part of the calls first, where a cloud can

    @property
    def ports(self) -> frozenset[type]:
        """Every port it may touch; least privilege follows from this."""
        return ports_of(self.call)

    @property
    def infers(self) -> bool:
        """Whether it may run a model: what that takes is deployed with such a function alone."""
        return SleepStager in self.ports

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (self.call.__doc__ or self.name).strip().splitlines()[0]


@dataclass(frozen=True)
class EndpointFunction(Declaration):
    """An HTTP function."""

    endpoint: Endpoint

    @property
    def ports(self) -> frozenset[type]:
        """Its own ports and those that reading the request needs (who is asking)."""
        return ports_of(self.call) | self.endpoint.ports


@dataclass(frozen=True)
class PagesFunction(Declaration):
    """Serves static pages, each at its path, in the stead of an endpoint each. It gets the path and returns a Response."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class ScheduleFunction(Declaration):
    """A job that a cloud scheduler starts. `rate`: `rate(1 minute)` or `cron(...)` in EventBridge's notation."""

    rate: str


@dataclass(frozen=True)
class ConsumerFunction(Declaration):
    """Reads a queue. It gets one `RingBatch` and returns the timers it could neither settle nor hand back.

    `max_concurrency` limits the batches that are worked on at once, so that a flood leaves room for everybody's requests.
    """

    queue: str
    batch_size: int
    max_concurrency: int


@dataclass(frozen=True)
class SocketFunction(Declaration):
    """Answers one route of the socket API: $connect, $disconnect or $default. It gets one `SocketEvent`."""

    api: str
    route: str


def endpoint(
    method: str,
    path: str,
    *,
    status: int = 200,
    errors: tuple[type[SmartAlarmError], ...] = (),
    also: tuple[int, ...] = (),
    public: bool = False,
    produces: str = "application/json",
    hosts: tuple[Host, ...] = ALL_HOSTS,
    memory_mb: int = 512,
    timeout_seconds: int = 10,
    is_canary: bool = False,
) -> Callable[[F], F]:
    """Declare an HTTP function. `errors` and `also` name what it answers beyond what its signature implies."""

    def declare(call: F) -> F:
        ports_of(call)
        spec = endpoint_from(
            call, method=method, path=path, status=status, errors=errors, also=also, public=public, produces=produces
        )
        limits = hosts, memory_mb, timeout_seconds
        return _declared(call, EndpointFunction(call.__name__, call, *limits, endpoint=spec, is_canary=is_canary))

    return declare


def pages(*paths: str, hosts: tuple[Host, ...], memory_mb: int = 512, timeout_seconds: int = 10) -> Callable[[F], F]:
    """Declare a function that serves static pages, where one function for each would be waste."""

    def declare(call: F) -> F:
        ports_of(call)
        return _declared(call, PagesFunction(call.__name__, call, hosts, memory_mb, timeout_seconds, paths=paths))

    return declare


def schedule(
    rate: str,
    *,
    hosts: tuple[Host, ...] = ALL_HOSTS,
    memory_mb: int = 512,
    timeout_seconds: int = 60,
    is_canary: bool = False,
) -> Callable[[F], F]:
    """Declare a scheduled job."""

    def declare(call: F) -> F:
        ports_of(call)
        limits = hosts, memory_mb, timeout_seconds
        return _declared(call, ScheduleFunction(call.__name__, call, *limits, rate=rate, is_canary=is_canary))

    return declare


def consumer(
    queue: str,
    *,
    hosts: tuple[Host, ...] = ALL_HOSTS,
    memory_mb: int = 1024,
    timeout_seconds: int = 30,
    batch_size: int = 10,
    max_concurrency: int = 50,
    is_canary: bool = False,
) -> Callable[[F], F]:
    """Declare the consumer of a queue."""

    def declare(call: F) -> F:
        ports_of(call)
        limits = hosts, memory_mb, timeout_seconds
        reading = queue, batch_size, max_concurrency
        return _declared(call, ConsumerFunction(call.__name__, call, *limits, *reading, is_canary=is_canary))

    return declare


def socket(
    api: str,
    route: str = "$default",
    *,
    hosts: tuple[Host, ...] = ("aws", "local"),
    memory_mb: int = 512,
    timeout_seconds: int = 10,
) -> Callable[[F], F]:
    """Declare one route of a socket API."""

    def declare(call: F) -> F:
        ports_of(call)
        return _declared(call, SocketFunction(call.__name__, call, hosts, memory_mb, timeout_seconds, api=api, route=route))

    return declare


def _declared(call: F, declaration: Declaration) -> F:
    call.__declaration__ = declaration  # type: ignore[attr-defined]
    return call


def declaration_of(call: Callable[..., Any]) -> Declaration:
    """What a decorated function declared."""
    found: Declaration = call.__declaration__  # type: ignore[attr-defined]
    return found


def entrypoints(call: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """The function's handlers for AWS Lambda, Google Cloud Functions and OCI Functions.

    Plain functions, because functions-framework takes nothing else; each builds its adapters at the first call.
    """
    declaration = declaration_of(call)

    def aws(event: dict[str, Any], context: Any) -> Any:
        from smartalarm.hosts.aws import answer  # noqa: PLC0415  each cloud loads its own host only

        return answer(declaration, event, context)

    def gcp(request: Any) -> Any:
        from smartalarm.hosts.gcp import answer  # noqa: PLC0415  the same

        return answer(declaration, request)

    def oci(ctx: Any, data: Any = None) -> Any:
        from smartalarm.hosts.oci import answer  # noqa: PLC0415  the same

        return answer(declaration, ctx, data)

    return aws, gcp, oci
