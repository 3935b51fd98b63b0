"""A store that says how long each call of another one took: the metric by which its time budget is watched."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from smartalarm.ports import Store, Telemetry

METRIC: Final = "database_duration_seconds"


class TimedStore:
    """`Store` over another; each call is observed as `database_duration_seconds{call="commit"}`, also one that fails."""

    def __init__(self, store: Store, telemetry: Telemetry) -> None:
        self._store = store
        self._telemetry = telemetry

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The timed method; made once, because an attribute that was set is found without asking here."""
        method: Callable[..., Any] = getattr(self._store, name)

        @wraps(method)
        def timed(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*arguments, **named)
            finally:
                self._telemetry.observe(METRIC, time.perf_counter() - started, call=name)

        setattr(self, name, timed)
        return timed
