"""GET /api/v1/metrics: Prometheus text; with METRICS_TOKEN as bearer, or without one from this machine alone."""

from smartalarm.function import endpoint, entrypoints
from smartalarm.health import MetricsReader
from smartalarm.http import Response
from smartalarm.ports import Telemetry


@endpoint("GET", "/api/v1/metrics", also=(404,), produces="text/plain; version=0.0.4; charset=utf-8")
def show_metrics(reader: MetricsReader, *, telemetry: Telemetry) -> Response:
    """Show metrics."""
    headers = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response(200, telemetry.exposition().encode(), headers)


aws, gcp, oci = entrypoints(show_metrics)
