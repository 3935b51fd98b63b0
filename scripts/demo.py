"""The main job in front of your eyes: set an alarm, see it ring on three receivers, dismiss it on one, read the ledger.

Uses the server at --url (default http://127.0.0.1:$PORT or 8080) when one runs there and takes the demo's push receiver;
otherwise it starts a server of its own for the time of the demo.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.servers.local_host import running_local_host
from tests.servers.push_service import RunningPushService, running_push_service

TIME_OUT = 10.0


class Api:
    """One signed-in user of a server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()
        self._http.trust_env = False

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """One call; its JSON. Raises for anything but success."""
        answer = self._http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=TIME_OUT)
        if not answer.ok:
            raise requests.HTTPError(f"{method} {path} answered {answer.status_code}: {answer.text}", response=answer)
        return answer.json() if answer.content else None

    def sign_up(self) -> None:
        """A new account; `main` erases it at the end, because the server may be somebody's own."""
        body = {"email": f"demo-{uuid4().hex[:12]}@example.org", "password": uuid4().hex, "name": "Demo"}
        signed_in = self.call("POST", "/auth/register", {**body, "time_zone": "Europe/Madrid", "locale": "en"})
        self._http.headers["authorization"] = f"Bearer {signed_in['access_token']}"

    def open_socket(self, device_id: str) -> ClientConnection:
        """A socket for one device, greeted."""
        ticket = self.call("POST", "/sync/ticket", {"device_id": device_id})
        opened = connect(f"{ticket['url']}?ticket={ticket['ticket']}", proxy=None, legacy=True)
        opened.send(json.dumps({"action": "ping"}))
        say(f"  socket of {device_id[:8]} says {json.loads(opened.recv(timeout=TIME_OUT))['type']}")
        return opened


def say(text: str) -> None:
    """One line, at once, with the time."""
    print(f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3], text, flush=True)


def main() -> int:
    """Run the demo; 0 when every receiver rang and stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT', '8080')}", help="the server to use")
    parser.add_argument("--seconds", type=int, default=10, help="how far ahead the alarm is set (default 10)")
    given = parser.parse_args()
    with ExitStack() as stack:
        service = stack.enter_context(running_push_service())
        api, subscription = stack.enter_context(_server(given.url, service))
        try:
            return _run(api, service, subscription, given.seconds)
        finally:
            api.call("DELETE", "/me")


@contextmanager
def _server(url: str, service: RunningPushService) -> Iterator[tuple[Api, dict[str, Any]]]:
    """A signed-in user with a push device, on the running server or on one of our own."""
    try:
        api = Api(url)
        api.call("GET", "/health/ready")
        say(f"Using the server at {url}.")
        subscription = _subscribe(api, service)
    except requests.ConnectionError:
        say(f"No server runs at {url}; starting one for the demo.")
    except requests.HTTPError as error:
        if "push_subscription" not in str(error):
            raise
        say("That server takes no push receiver on this machine (PUSH_ALLOWED_HOSTS=127.0.0.1 would allow it);")
        say("starting one for the demo that does.")
    else:
        yield api, subscription
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        running_local_host(Path(folder), PUSH_ALLOWED_HOSTS="127.0.0.1") as host,
    ):
        api = Api(host.url)
        yield api, _subscribe(api, service)


def _subscribe(api: Api, service: RunningPushService) -> dict[str, Any]:
    api.sign_up()
    subscription = service.subscribe(api.call("GET", "/push/key")["public_key"])
    body = {"name": "Push receiver", "platform": "demo"}
    wanted = {"endpoint": subscription["endpoint"], "keys": subscription["keys"]}
    api.call("PUT", f"/devices/{uuid4()}", {**body, "push_subscription": wanted})
    return subscription


def _run(api: Api, service: RunningPushService, subscription: dict[str, Any], seconds: int) -> int:
    say("Signed up, one push receiver subscribed. Opening two sockets:")
    phones = []
    for name in ("Phone", "Tablet"):
        device_id = str(uuid4())
        api.call("PUT", f"/devices/{device_id}", {"name": name, "platform": "demo"})
        phones.append(api.open_socket(device_id))
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    alarm = api.call(
        "POST",
        "/alarms",
        {"label": "Demo alarm", "time_zone": "UTC", "schedule": {"start": f"{due_at:%Y-%m-%dT%H:%M:%S}"}},
    )
    occurrence_id = alarm["next"]["id"]
    say(f"Alarm set for {alarm['next']['at']}. Waiting for it to ring on both sockets and by push:")
    heard: dict[str, dict[str, list[float]]] = {"phone": {}, "tablet": {}}
    threads = [
        threading.Thread(target=_listen, args=(phone, heard[name], seconds + 30), daemon=True)
        for phone, name in zip(phones, heard, strict=True)
    ]
    for thread in threads:
        thread.start()
    rings = _pushes(service, subscription, 0, seconds + TIME_OUT, "ring")
    time.sleep(0.5)
    for name, events in heard.items():
        _report(name, "ring", events.get("ring", [None])[0], due_at)
    _report("push", "ring", rings[0]["at"] if rings else None, due_at)
    say("Dismissing on the phone's socket.")
    dismissed_at = datetime.now(UTC)
    phones[0].send(json.dumps({"action": "dismiss", "request_id": "1", "occurrence_id": occurrence_id}))
    stops = _pushes(service, subscription, len(rings), TIME_OUT, "stop")
    time.sleep(0.3)
    for name, events in heard.items():
        _report(name, "stop", events.get("stop", [None])[0], dismissed_at)
    _report("push", "stop", stops[0]["at"] if stops else None, dismissed_at)
    occurrence = api.call("GET", f"/occurrences/{occurrence_id}")
    say(f"The ledger of {occurrence['label']!r} ({occurrence['state']}):")
    for line in occurrence["ledger"]:
        device = (line["device_id"] or "")[:8]
        print(f"    {line['at']}  {line['event']:<12} {device:<9} {line['detail'] or ''}")
    is_good = bool(rings and stops and all(events.get("ring") and events.get("stop") for events in heard.values()))
    is_good = is_good and occurrence["state"] == "dismissed"
    say("It rang everywhere, once, and stopped everywhere." if is_good else "Something did NOT happen; see above.")
    return 0 if is_good else 1


def _listen(socket: ClientConnection, events: dict[str, list[float]], seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and "stop" not in events:
        try:
            message = json.loads(socket.recv(timeout=1.0))
        except TimeoutError:
            continue
        events.setdefault(message["type"], []).append(time.time())


def _pushes(
    service: RunningPushService, subscription: dict[str, Any], after: int, seconds: float, kind: str
) -> list[dict[str, Any]]:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        messages = service.messages(subscription["id"], 5, after=after)
        wanted = [message for message in messages if json.loads(message["text"])["type"] == kind]
        if wanted:
            return wanted
    return []


def _report(who: str, what: str, at: float | None, since: datetime) -> None:
    if at is None:
        say(f"  {who}: no {what}!")
        return
    say(f"  {who}: {what} after {(at - since.timestamp()) * 1000:+.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
