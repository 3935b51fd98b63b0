"""What the clouds really hand to a function, built from one neutral call, and what their answers mean."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from smartalarm.http import Response

CLIENT = "203.0.113.77"
HOST = "api.example"


@dataclass(frozen=True)
class Call:
    """One HTTP request as a browser sends it. `path` is percent-encoded, `query` the raw text, header names in any case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def json_call(method: str, path: str, body: Any = None, *, query: str = "", **headers: str) -> Call:
    """A call with a JSON body (none for None); header names with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is None:
        return Call(method, path, query, named)
    return Call(method, path, query, {"content-type": "application/json", **named}, json.dumps(body).encode())


# ------------------------------------------------------------------------------------------------ AWS


def http_api_event(call: Call, *, stage: str = "$default", client: str = CLIENT) -> dict[str, Any]:
    """API Gateway's HTTP API, payload 2.0: the path arrives decoded, cookies apart, binary bodies as base64."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    forwarded = headers.get("x-forwarded-for")
    headers |= {
        "host": HOST,
        "content-length": str(len(call.body)),
        "x-forwarded-for": f"{forwarded}, {client}" if forwarded else client,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        "x-amzn-trace-id": "Root=1-674fa5a0-0123456789abcdef01234567",
    }
    path = unquote(call.path, errors="replace")
    raw_path = path if stage == "$default" else f"/{stage}{path}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{call.method} {path}",
        "rawPath": raw_path,
        "rawQueryString": call.query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": HOST,
            "domainPrefix": "api",
            "http": {
                "method": call.method,
                "path": raw_path,
                "protocol": "HTTP/1.1",
                "sourceIp": client,
                "userAgent": "test",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"{call.method} {path}",
            "stage": stage,
            "time": "01/Dec/2026:07:00:00 +0000",
            "timeEpoch": 1796108400000,
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if call.body:
        event |= _lambda_body(call.body)
    return event


def _lambda_body(body: bytes) -> dict[str, Any]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def http_api_result(result: Mapping[str, Any]) -> Response:
    """What the gateway makes of a function's result, payload 2.0."""
    assert set(result) <= {"statusCode", "headers", "cookies", "body", "isBase64Encoded"}
    body = result.get("body", "")
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): value for name, value in result.get("headers", {}).items()}
    assert "set-cookie" not in headers
    if cookies := result.get("cookies", []):
        (headers["set-cookie"],) = cookies
    return Response(result["statusCode"], content, headers)


def sqs_event(bodies: Mapping[str, str]) -> dict[str, Any]:
    """SQS's batch: message id -> body."""
    records = [
        {
            "messageId": message_id,
            "receiptHandle": f"handle-{message_id}",
            "body": body,
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1796108400000"},
            "messageAttributes": {},
            "md5OfBody": "0" * 32,
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:ring",
            "awsRegion": "eu-central-1",
        }
        for message_id, body in bodies.items()
    ]
    return {"Records": records}


def schedule_event() -> dict[str, Any]:
    """EventBridge's tick."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-12-01T07:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/tick"],
        "detail": {},
    }


def websocket_event(
    route: str,
    *,
    connection_id: str = "L0SM9cOFvHcCIhw=",
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> dict[str, Any]:
    """API Gateway's WebSocket API: headers and query come with $connect alone, and in their own spelling."""
    kinds = {"$connect": "CONNECT", "$disconnect": "DISCONNECT"}
    event: dict[str, Any] = {
        "requestContext": {
            "routeKey": route,
            "eventType": kinds.get(route, "MESSAGE"),
            "extendedRequestId": "JKJaXmPLvHcESHA=",
            "requestTime": "01/Dec/2026:07:00:00 +0000",
            "messageDirection": "IN",
            "stage": "live",
            "connectedAt": 1796108400000,
            "requestTimeEpoch": 1796108400000,
            "identity": {"sourceIp": CLIENT},
            "requestId": "JKJaXmPLvHcESHA=",
            "domainName": "socket.example",
            "connectionId": connection_id,
            "apiId": "abc123",
        },
        "isBase64Encoded": False,
    }
    if route == "$connect":
        given = {"Host": "socket.example", "Sec-WebSocket-Version": "13", **(headers or {})}
        event["headers"] = given
        event["multiValueHeaders"] = {name: [value] for name, value in given.items()}
        if query:
            event["queryStringParameters"] = dict(query)
            event["multiValueQueryStringParameters"] = {name: [value] for name, value in query.items()}
    if body is not None:
        event["body"] = body
    return event


# ------------------------------------------------------------------------------------------------ OCI


def fn_headers(call: Call, *, client: str = CLIENT, host: str = HOST, scheme: str = "https") -> dict[str, str]:
    """The headers that Oracle's API gateway wraps an HTTP request into; the content type stays outside as well."""
    given = {name.lower(): value for name, value in call.headers.items()}
    forwarded = given.get("x-forwarded-for")
    given |= {
        "host": host,
        "x-forwarded-for": f"{forwarded}, {client}" if forwarded else client,
        "x-forwarded-proto": scheme,
    }
    wrapped = {f"fn-http-h-{name}": value for name, value in given.items() if name != "content-type"}
    return {
        "fn-call-id": "01JDZ7K3V8T4Q2",
        "fn-deadline": "2099-12-01T07:00:30Z",
        "fn-intent": "httprequest",
        "fn-http-method": call.method,
        "fn-http-request-url": call.target,
        "content-type": given.get("content-type", ""),
        "content-length": str(len(call.body)),
        "host": "localhost",
        **wrapped,
    }


def fn_answer(status: int, headers: Mapping[str, str], body: bytes) -> Response:
    """What the gateway makes of the function's answer: its status and headers are wrapped, the transport's own are not."""
    assert status == 200, (status, body)
    given = {name.lower(): value for name, value in headers.items()}

    def unwrapped() -> Iterator[tuple[str, str]]:
        for name, value in given.items():
            if name.startswith("fn-http-h-"):
                yield name.removeprefix("fn-http-h-"), value

    return Response(int(given["fn-http-status"]), body, {"content-type": given.get("content-type", ""), **dict(unwrapped())})
