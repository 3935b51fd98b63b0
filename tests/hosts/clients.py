"""One client per host: each sends a neutral call through the host's real adapter, in this process."""

import asyncio
import logging
import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol, cast

from awslambdaric.lambda_context import LambdaContext
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller, to_json

from smartalarm.catalog import load_function
from smartalarm.http import Response
from tests.servers.cloud_events import CLIENT, Call, fn_answer, fn_headers, http_api_event, http_api_result


class HostClient(Protocol):
    """Calls functions on one host."""

    def send(self, folder: Path, call: Call) -> Response:
        """Let the function in `folder` answer."""


class AwsClient:
    """Lambda's own marshalling around the handler: the event and the result pass as JSON."""

    def __init__(self, stage: str = "$default") -> None:
        self.stage = stage

    def send(self, folder: Path, call: Call) -> Response:
        """As API Gateway would."""
        result: dict[str, Any] = self.invoke(folder, http_api_event(call, stage=self.stage))
        return http_api_result(result)

    def invoke(self, folder: Path, event: dict[str, Any]) -> Any:
        """The result of one invocation."""
        marshaller = LambdaMarshaller()
        context = LambdaContext("8f3e0a1b-aws", None, None, "4102444800000", "arn:aws:lambda:eu-central-1:1:function:f")
        handler = _handler(folder, "aws")
        received = marshaller.unmarshal_request(to_json(event).encode(), "application/json")
        answer, content_type = marshaller.marshal_response(handler(received, context))
        return marshaller.unmarshal_request(answer.encode(), content_type)


class GcpClient:
    """functions-framework's own application, one per function."""

    def send(self, folder: Path, call: Call) -> Response:
        """As Google's front end would, which names the client in X-Forwarded-For."""
        forwarded = [value for name, value in call.headers.items() if name.lower() == "x-forwarded-for"]
        with _framework_app(folder).test_client(use_cookies=False) as client:
            answer = client.open(
                call.path,
                method=call.method,
                query_string=call.query,
                data=call.body or None,
                headers={
                    **call.headers,
                    "X-Forwarded-For": ", ".join([*forwarded, CLIENT]),
                    "X-Forwarded-Proto": "https",
                    "X-Cloud-Trace-Context": "65011637f09e0a5179677a7429456db7/1027871334010811884;o=1",
                },
                environ_overrides={"REMOTE_ADDR": "169.254.169.126", "HTTP_HOST": "api.example"},
            )
            headers = {name.lower(): value for name, value in answer.headers.items()}
            assert len(answer.headers.getlist("set-cookie")) <= 1
            return Response(answer.status_code, answer.data, headers)


class OciClient:
    """fdk's own event handler: it unwraps the gateway's headers, runs the function and wraps the answer."""

    def send(self, folder: Path, call: Call) -> Response:
        """As Oracle's gateway would."""
        request = SimpleNamespace(headers=fn_headers(call), body=call.body)
        answer = asyncio.run(_fdk_handler(folder)(request))
        return fn_answer(answer.status, answer.headers, answer.body)

    def invoke(self, folder: Path, body: bytes) -> Response:
        """A direct call, as a scheduler makes it: no gateway, no HTTP method, the body alone."""
        request = SimpleNamespace(headers={"fn-call-id": "01JDZ7K3V8T4Q3", "fn-intent": "cloudevent"}, body=body)
        answer = asyncio.run(_fdk_handler(folder)(request))
        return Response(answer.status, answer.body, answer.headers)


def _handler(folder: Path, name: str) -> Callable[..., Any]:
    call = load_function(folder).call
    found: Callable[..., Any] = call.__globals__[name]
    return found


@cache
def _framework_app(folder: Path) -> Any:
    from functions_framework import create_app  # noqa: PLC0415  only this client needs Flask

    app = cast("Callable[..., Any]", create_app)  # it has no types
    return app("gcp", str(folder / "handler.py"), "http")


@cache
def _fdk_handler(folder: Path) -> Callable[..., Any]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    from fdk import customer_code, event_handler  # noqa: PLC0415  importing it turns the whole process's logging up

    root.setLevel(level)
    root.handlers[:] = handlers
    # A real process loads one file; here the next one would be loaded into the same module.
    sys.modules.pop("handler", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fdk loads the file in a way that Python has deprecated
        loaded = customer_code.Function(str(folder / "handler.py"), entrypoint="oci").handler()
    function = SimpleNamespace(handler=lambda: loaded)
    handle: Callable[..., Any] = event_handler.event_handle(function)
    return handle
