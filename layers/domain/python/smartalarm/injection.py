"""Injection by type: ports come from adapters, domain classes are built from ports by their own constructor's hints.

What a class or function touches is therefore known without running it: `ports_of` walks the hints.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from threading import RLock
from typing import Any, Protocol, TypeVar, get_type_hints

from smartalarm import ports
from smartalarm.settings import Settings

T = TypeVar("T")

PORTS: frozenset[type] = frozenset(
    {
        ports.Clock,
        ports.Connections,
        ports.Counters,
        ports.Entropy,
        ports.Passwords,
        ports.PushService,
        ports.RingQueue,
        ports.Signer,
        ports.SleepStager,
        ports.Sockets,
        ports.Store,
        ports.Telemetry,
        Settings,
    }
)


class NotInjectable(TypeError):
    """A parameter asks for something nobody provides; raised at import, where it is cheap."""


@cache
def needs_of(target: Callable[..., Any]) -> dict[str, type]:
    """The keyword-only parameters of a function, or all of a class's constructor, by name: what must be injected."""
    function = vars(target).get("__init__", object.__init__) if isinstance(target, type) else target
    hints = get_type_hints(function)
    parameters = list(inspect.signature(target).parameters.values())
    if not isinstance(target, type):
        parameters = [p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    return {p.name: hints.get(p.name, object) for p in parameters}


@cache
def ports_of(target: Callable[..., Any]) -> frozenset[type]:
    """Every port that the target reaches, through whatever it is built from. Raises NotInjectable."""
    found: set[type] = set()
    for name, wanted in needs_of(target).items():
        if wanted in PORTS:
            found.add(wanted)
        elif not _is_buildable(wanted):
            raise NotInjectable(f"{target.__qualname__}: nobody provides {name!r} of type {wanted!r}")
        else:
            found |= ports_of(wanted)
    return frozenset(found)


def _is_buildable(wanted: object) -> bool:
    return (
        isinstance(wanted, type)
        and wanted.__module__.startswith("smartalarm.")
        and not issubclass(wanted, str | int | float | bytes | tuple | Exception)
        and Protocol not in wanted.__mro__
    )


class Injector:
    """Gives each port and each class built from ports, once per process, also when many threads ask at once."""

    def __init__(self, adapters: Mapping[type, Callable[[], object]]) -> None:
        self._adapters = dict(adapters)
        self._made: dict[type, Any] = {}
        self._lock = RLock()  # reentrant: making one thing asks for others

    def get(self, wanted: type[T]) -> T:
        """The instance of a port or domain class; made on first use."""
        if wanted not in self._made:
            with self._lock:
                if wanted not in self._made:
                    self._made[wanted] = self._make(wanted)
        made: T = self._made[wanted]
        return made

    def _make(self, wanted: type) -> object:
        if wanted in self._adapters:
            return self._adapters[wanted]()
        if wanted in PORTS:
            raise NotInjectable(f"this host provides no {wanted.__name__}")
        return wanted(**self.arguments(wanted))

    def arguments(self, target: Callable[..., Any]) -> dict[str, Any]:
        """What `needs_of(target)` asks for."""
        return {name: self.get(wanted) for name, wanted in needs_of(target).items()}
