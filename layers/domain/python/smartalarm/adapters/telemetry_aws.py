"""Telemetry on AWS: metrics in the embedded metric format, structured log lines, both through Powertools."""

from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "SmartAlarm"


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
        self._logger.info(event, **fields)

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Write one error line."""
        self._logger.error(event, exc_info=error, **fields)

    def exposition(self) -> str:
        """Empty: CloudWatch has them."""
        return ""
