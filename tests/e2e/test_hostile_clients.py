"""Clients that misbehave towards the real local host: it refuses them in order, and lives."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from websockets.exceptions import ConnectionClosed

from tests.e2e.client import TIME_OUT, Client
from tests.servers.local_host import RunningLocalHost, running_local_host

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLocalHost]:
    """A local host for all of them."""
    directory: Path = tmp_path_factory.mktemp("host")
    with running_local_host(directory) as running:
        yield running


def said(host: RunningLocalHost, *pieces: bytes) -> bytes:
    """What the server says to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", host.port), TIME_OUT) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while data := connection.recv(65_536):
            answer += data
        return answer


def test_bytes_on_a_socket_are_refused_with_the_code_for_them(host: RunningLocalHost) -> None:
    """1003, unsupported data; the connection is closed, not dropped."""
    opened = Client(host.url).open_socket()
    opened.send(b"\x00\x01")
    with pytest.raises(ConnectionClosed) as closed:
        opened.recv(TIME_OUT)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003


def test_the_socket_of_an_erased_account_is_closed_at_its_next_word(host: RunningLocalHost) -> None:
    """1008: come back with another ticket, or not at all."""
    client = Client(host.url)
    opened = client.open_socket()
    client.call("DELETE", "/me", status=204)
    opened.send(json.dumps({"action": "ping"}))
    with pytest.raises(ConnectionClosed) as closed:
        opened.recv(TIME_OUT)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_half_a_request_does_nothing(host: RunningLocalHost) -> None:
    """A body that breaks off is no body, even where it could have been left out or is JSON so far."""
    client = Client(host.url)
    body = json.dumps({"label": "Half", "schedule": {"start": "2030-01-01T07:00:00"}})
    head = f"POST /api/v1/alarms HTTP/1.1\r\nhost: x\r\nauthorization: {client.authorization}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body) + 1}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", host.port), TIME_OUT) as connection:
        connection.sendall((head + body).encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65_536)
    assert client.call("GET", "/alarms")["items"] == []


@pytest.mark.parametrize(
    "request_line", [b"NONSENSE / HTTP/1.1", b"GET /\xff HTTP/1.1", b"CONNECT example.org:443 HTTP/1.1", b"GET * HTTP/1.1"]
)
def test_requests_that_no_client_sends_are_refused_in_our_own_shape(host: RunningLocalHost, request_line: bytes) -> None:
    """And the next one is served."""
    answer = said(host, request_line + b"\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"application/problem+json" in answer
    assert requests.get(f"{host.url}/api/v1/health/ready", timeout=TIME_OUT).status_code == 200


def test_none_of_them_leaves_a_traceback_in_the_log(host: RunningLocalHost) -> None:
    """What a client does wrong is not our failure."""
    assert "Traceback" not in host.log()
