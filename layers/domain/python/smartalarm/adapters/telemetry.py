"""Telemetry outside AWS: Prometheus metrics in this process, and JSON lines on standard error."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from smartalarm.errors import Unavailable

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class LocalTelemetry:
    """`Telemetry` by prometheus_client and logging."""

    def __init__(self, level: str = "info") -> None:
        self._registry = CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._lock = threading.Lock()
        self._logger = logging.getLogger("smartalarm")
        self._logger.setLevel(level.upper())
        if not self._logger.handlers:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(_JsonLines())
            self._logger.addHandler(handler)
            self._logger.propagate = False

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Add to a counter."""
        counter = self._counters.get(name)
        if counter is None:
            with self._lock:
                counter = self._counters.get(name) or Counter(
                    name.removesuffix("_total"), name, sorted(labels), registry=self._registry
                )
                self._counters[name] = counter
        (counter.labels(**labels) if labels else counter).inc(value)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Record one duration."""
        histogram = self._histograms.get(name)
        if histogram is None:
            with self._lock:
                histogram = self._histograms.get(name) or Histogram(
                    name, name, sorted(labels), buckets=_BUCKETS, registry=self._registry
                )
                self._histograms[name] = histogram
        (histogram.labels(**labels) if labels else histogram).observe(seconds)

    def log(self, event: str, **fields: Any) -> None:
        """Write one informational line."""
        self._logger.info(event, extra={"fields": fields})

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Write one error line; `reason` in it says what was wrong. What was merely unavailable needs no traceback."""
        if error is not None:
            fields = {"reason": str(error) or type(error).__name__, **fields}
        cause = None if isinstance(error, Unavailable) else error
        self._logger.error(event, extra={"fields": fields}, exc_info=cause)

    def exposition(self) -> str:
        """Prometheus text."""
        return generate_latest(self._registry).decode()


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)
