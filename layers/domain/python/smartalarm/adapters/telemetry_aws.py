"""Telemetry on AWS: metrics in the embedded metric format, structured log lines, both through Powertools."""

import logging
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "SmartAlarm"
LONGEST_CHAIN: Final = 10
# What a line has anyway, and what Python's logging raises KeyError for.
TAKEN: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    *("asctime", "extra", "level", "location", "message", "reason", "service", "stacklevel", "timestamp"),
}


class AwsTelemetry:
    """`Telemetry` by aws-lambda-powertools; each metric leaves as one log line, without a call."""

    def __init__(self, level: str = "info") -> None:
        self._logger = Logger(service="smartalarm", level=level.upper())

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Add to a counter."""
        self._emit(name, MetricUnit.Count, value, labels)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Record one duration."""
        self._emit(name, MetricUnit.Seconds, seconds, labels)

    def _emit(self, name: str, unit: MetricUnit, value: float, labels: dict[str, str]) -> None:
        metrics = Metrics(namespace=NAMESPACE, service="smartalarm")
        for label, text in labels.items():
            metrics.add_dimension(label, text)
        metrics.add_metric(name, unit, value)
        metrics.flush_metrics()

    def log(self, event: str, **fields: Any) -> None:
        """Write one informational line."""
        self._logger.info(event, extra=_free(fields))

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Write one error line; `reason` in it says what was wrong at the bottom of it, without reading a stack."""
        reason = {} if error is None else {"reason": _reason(error)}
        self._logger.error(event, exc_info=error, extra={**_free(fields), **reason})

    def exposition(self) -> str:
        """Empty: CloudWatch has them."""
        return ""


def _free(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields under names that are not taken."""
    return {f"{name}_" if name in TAKEN else name: value for name, value in fields.items()}


def _reason(error: BaseException) -> str:
    """The first cause's own text: which setting is missing, or what a role was not authorized to do."""
    for _ in range(LONGEST_CHAIN):
        if error.__cause__ is None:
            break
        error = error.__cause__
    return str(error) or type(error).__name__
