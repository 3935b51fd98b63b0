"""A person's client of a real server: HTTP, a push subscription, sockets."""

import json
import time
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
from websockets.sync.client import ClientConnection, connect

from tests.servers.push_service import RunningPushService

TIME_OUT = 30.0  # a cold start on a busy machine


class Client:
    """One signed-up user."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()
        self._http.trust_env = False
        self.email = f"{uuid4().hex}@example.org"
        body = {"email": self.email, "password": "correct horse battery", "name": "Ann", "time_zone": "UTC", "locale": "en"}
        signed_in = self.call("POST", "/auth/register", body, status=201)
        self.authorization = f"Bearer {signed_in['access_token']}"
        self._http.headers["authorization"] = self.authorization

    def elsewhere(self, url: str) -> "Client":
        """The same person at another server."""
        other = copy(self)
        other.url = url
        return other

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """The JSON of a call that must answer with this status."""
        answer = self._http.request(method, f"{self.url}/api/v1{path}", json=body, timeout=TIME_OUT)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def subscribe(self, service: RunningPushService, name: str = "phone") -> dict[str, Any]:
        """A device with a real subscription; the subscription, with `device_id`."""
        subscription = service.subscribe(self.call("GET", "/push/key")["public_key"])
        wanted = {"endpoint": subscription["endpoint"], "keys": subscription["keys"]}
        device_id = str(uuid4())
        self.call("PUT", f"/devices/{device_id}", {"name": name, "push_subscription": wanted})
        return {**subscription, "device_id": device_id}

    def add_device(self, name: str = "tablet") -> str:
        """A device that can only be reached by socket; its id."""
        device_id = str(uuid4())
        self.call("PUT", f"/devices/{device_id}", {"name": name})
        return device_id

    def open_socket(self, device_id: str | None = None) -> ClientConnection:
        """A greeted socket."""
        ticket = self.call("POST", "/sync/ticket", {"device_id": device_id} if device_id else {})
        opened = connect(f"{ticket['url']}?ticket={ticket['ticket']}", proxy=None, legacy=True)
        opened.send(json.dumps({"action": "ping"}))
        assert json.loads(opened.recv(timeout=TIME_OUT))["type"] == "hello"
        return opened

    def set_alarm(self, seconds: int, **fields: Any) -> tuple[str, float]:
        """An alarm so many seconds ahead: (occurrence id, due as Unix seconds)."""
        due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        return self.set_alarm_at(due_at.timestamp(), **fields), due_at.timestamp()

    def set_alarm_at(self, at: float, **fields: Any) -> str:
        """An alarm at a whole Unix second; its occurrence's id."""
        due_at = datetime.fromtimestamp(at, UTC)
        body = {"label": "Work", "time_zone": "UTC", "schedule": {"start": f"{due_at:%Y-%m-%dT%H:%M:%S}"}, **fields}
        occurrence_id: str = self.call("POST", "/alarms", body, status=201)["next"]["id"]
        return occurrence_id


def rings(service: RunningPushService, subscription: dict[str, Any], kind: str, seconds: float) -> list[dict[str, Any]]:
    """Messages of a type, as soon as there is one; empty when none came in time."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        messages = service.messages(subscription["id"], min(1.0, max(0.0, ends_at - time.monotonic())))
        found = [message for message in messages if json.loads(message["text"])["type"] == kind]
        if found:
            return found
        time.sleep(0.02)
    return []


def hear(socket: ClientConnection, kind: str, seconds: float) -> dict[str, Any]:
    """The next message of a type on a socket."""
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0:
        message: dict[str, Any] = json.loads(socket.recv(timeout=left))
        if message["type"] == kind:
            return message
    raise TimeoutError(kind)
