"""WebSocket routes of API Gateway: $connect may refuse with a status, a message never fails its invocation."""

import base64
from typing import Any

from smartalarm.errors import SmartAlarmError
from smartalarm.events import SocketEvent
from smartalarm.function import SocketFunction
from smartalarm.hosts.translate import log_failure
from smartalarm.wiring import default_injector

CONNECT = "$connect"


def answer_socket(declaration: SocketFunction, event: dict[str, Any], request_id: str) -> dict[str, int]:
    """Run the function for one event; gives the status that the gateway wants to hear."""
    try:
        injector = default_injector()
        declaration.call(_to_socket_event(event), **injector.arguments(declaration.call))
    except SmartAlarmError as error:
        status = error.status
    except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
        log_failure("socket_failed", error, function=declaration.name, request_id=request_id)
        status = 500
    else:
        status = 200
    # Only opening a socket can be refused; after that the gateway would do nothing with a failure but count it.
    return {"statusCode": status if declaration.route == CONNECT else 200}


def _to_socket_event(event: dict[str, Any]) -> SocketEvent:
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text).decode(errors="replace")
    return SocketEvent(
        connection_id=str(event["requestContext"]["connectionId"]),
        query={str(name): str(value) for name, value in (event.get("queryStringParameters") or {}).items()},
        headers={str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()},
        body=str(text),
    )
