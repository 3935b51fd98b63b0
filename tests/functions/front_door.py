"""The product's endpoints by method and path, without a host: a request in, the decoded answer out."""

import json
from functools import cache
from typing import Any

from smartalarm.catalog import load_functions
from smartalarm.endpoint import Endpoint
from smartalarm.function import EndpointFunction
from smartalarm.http import PROBLEM, Request, Response
from smartalarm.injection import Injector
from smartalarm.routing import Router

HOST = "alarm.example.com"
PASSWORD = "correct horse battery staple"


@cache
def _router() -> Router[Endpoint]:
    endpoints = [function.endpoint for function in load_functions() if isinstance(function, EndpointFunction)]
    return Router((endpoint.method, endpoint.path, endpoint) for endpoint in endpoints)


class FrontDoor:
    """A client of one world. It sends JSON, keeps nothing and follows nothing."""

    def __init__(self, world: Injector, *, scheme: str = "https", host: str = HOST) -> None:
        self.world = world
        self._scheme = scheme
        self._host = host

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        cookie: str | None = None,
        address: str = "203.0.113.5",
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send one request below /api/v1; `path` may have a query, `body` is JSON or, as bytes, sent as it is."""
        path, _, query = path.partition("?")
        sent = {"host": self._host}
        if body is not None:
            sent["content-type"] = "application/json"
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if cookie is not None:
            sent["cookie"] = f"refresh_token={cookie}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        request = Request(method, f"/api/v1{path}", query, {**sent, **(headers or {})}, raw, address, self._scheme)
        endpoint, values = _router().find(method, request.path)
        return endpoint.answer(request, self.world, values)

    def json(self, method: str, path: str, body: Any = None, *, status: int = 200, **how: Any) -> Any:
        """The decoded answer, which must have this status; None when it has no body."""
        response = self.send(method, path, body, **how)
        assert response.status == status, response
        if status >= 400:
            assert response.headers["content-type"] == PROBLEM
        return json.loads(response.body) if response.body else None

    def register(self, email: str = "ana@example.com", **fields: Any) -> Any:
        """A new account's answer."""
        body = {"email": email, "password": PASSWORD, "name": "Ana", "time_zone": "Europe/Madrid", "locale": "es", **fields}
        return self.json("POST", "/auth/register", body, status=201)

    def log_in(self, email: str = "ana@example.com", password: str = PASSWORD, **how: Any) -> Response:
        """The answer to a sign-in."""
        return self.send("POST", "/auth/login", {"email": email, "password": password}, **how)


def cookie_of(response: Response) -> tuple[str, dict[str, str]]:
    """The refresh cookie that the answer sets: its value, and its attributes in lower case."""
    first, *rest = response.headers["set-cookie"].split("; ")
    name, _, value = first.partition("=")
    assert name == "refresh_token"
    attributes = {key.lower(): text for key, _, text in (part.partition("=") for part in rest)}
    return value, attributes
