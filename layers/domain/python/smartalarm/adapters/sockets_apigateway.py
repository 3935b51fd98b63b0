"""`Sockets` on API Gateway's WebSocket API: posts through its management API, side by side, each bounded in time."""

import json
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.adapters.side_by_side import OutOfTime, SideBySide
from smartalarm.ports import Connection, JsonObject, Telemetry

_GONE = "GoneException"


def new_gateway_client(region: str, endpoint: str) -> Any:
    """A client with time limits and bounded retries. `endpoint`: https://<api>.execute-api.<region>.amazonaws.com/<stage>."""
    service = "apigatewaymanagementapi"
    return new_aws_client(service, region, endpoint, connect_seconds=1, read_seconds=2, attempts=2, connections=64)


class GatewaySockets:
    """The client is made at the first post, once: most functions never post."""

    def __init__(self, make_client: Callable[[], Any], telemetry: Telemetry, side_by_side: SideBySide) -> None:
        self._make_client = make_client
        self._telemetry = telemetry
        self._side_by_side = side_by_side
        self._client: Any = None
        self._lock = Lock()

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """See `Sockets.post`. Only the gateway's own word makes a connection gone.

        Whatever else goes wrong is reported and counts as open: forgetting a socket for a hiccup would silence a device,
        while a message lost is repaired by the client's next pull.
        """
        if not messages:
            return []
        client = self._opened()
        outcomes = self._side_by_side.run(messages, lambda message: _post(client, *message), lane=lambda _: "gateway")
        return [outcome if isinstance(outcome, bool) else self._survived(outcome) for outcome in outcomes]

    def _opened(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._make_client()
            return self._client

    def _survived(self, error: Exception) -> bool:
        if not isinstance(error, (BotoCoreError, ClientError, OutOfTime)):
            raise error  # a mistake of ours, not of the network
        self._telemetry.count("socket_post_failures_total", reason=_reason(error))
        self._telemetry.problem("socket_post_failed", reason=_reason(error))
        return True


def _post(client: Any, connection: Connection, message: JsonObject) -> bool:
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    try:
        client.post_to_connection(ConnectionId=connection.id, Data=body)
    except ClientError as error:
        if _reason(error) == _GONE:
            return False
        raise
    return True


def _reason(error: Exception) -> str:
    """The service's code, or what kind of failure it was; never an address."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "ClientError"
    return type(error).__name__
