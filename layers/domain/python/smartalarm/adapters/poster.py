"""Posts small bodies to checked addresses, many at once.

Below requests and urllib3, on the standard library's connection, because a burst of rings is all that counts here: requests
takes four times and urllib3 twice the CPU time for a post (tests/bench/bench_push.py).
"""

import ssl
import time
import weakref
from collections import deque
from collections.abc import Callable
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import cast

from urllib3.util.wait import wait_for_read

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.guard import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Guard,
    HostRefused,
    Resolver,
    TimedSocket,
    TimedTlsSocket,
    resolve,
    tls_context,
)
from smartalarm.addresses import AllowedHosts

# An idle connection may have been dropped without a word by something on the way; a post on it would wait in vain.
MAX_IDLE_SECONDS = 30.0
MAX_BODY_BYTES = 65_536
MAX_HOSTS = 256

Idle = deque[tuple[float, "_Line"]]


class Poster:
    """Posts and reads the status; connections are kept. Safe to use from many threads.

    `connect_seconds` bounds the look-up with the connecting, and again the TLS handshake; `read_seconds` the whole answer.
    `most_idle` connections are kept for each host.
    """

    def __init__(
        self,
        allowed: AllowedHosts | None = None,
        *,
        resolver: Resolver = resolve,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        most_idle: int = 128,
        ca_file: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.guard = Guard(allowed or AllowedHosts(), resolver)
        self.connect_seconds = connect_seconds
        self.read_seconds = read_seconds
        self._most_idle = most_idle
        self._ca_file = ca_file
        self._monotonic = monotonic
        self._idle: dict[tuple[str, str, int], Idle] = {}
        self._lock = Lock()
        weakref.finalize(self, _close_all, self._idle)

    def exchange(self, post: Post) -> Answer:
        """Post and read the status. Redirects are not followed. Never raises for what the network does."""
        line = self._idle_line(post)
        answer = None if line is None else self._try(line, post)
        if answer is None:  # no idle one, or the other side gave it up meanwhile: once more, on a new one
            try:
                line = _Line(self.guard, post, self.connect_seconds, self.tls if post.scheme == "https" else None)
                line.connect()
            except (HostRefused, OSError) as error:
                return self._not_connected(error)
            answer = self._try(line, post)
        return answer or Answer(None, problem="closed the connection without an answer")

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            _close_all(self._idle)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """What verifies the other side."""
        from requests.utils import DEFAULT_CA_BUNDLE_PATH  # noqa: PLC0415 - only where TLS is spoken

        return tls_context(self._ca_file or DEFAULT_CA_BUNDLE_PATH)

    def _not_connected(self, error: Exception) -> Answer:
        match error:
            case HostRefused():
                return Answer(None, problem=str(error), is_refused=True)
            case ssl.SSLError():
                return Answer(None, problem="could not prove who it is (TLS)")
            case TimeoutError():
                return Answer(None, problem=f"could not be reached within {self.connect_seconds:g} s")
        return Answer(None, problem="could not be reached")

    def _try(self, line: "_Line", post: Post) -> Answer | None:
        """None when the connection broke before the answer."""
        try:
            return self._talk(line, post)
        except TimeoutError:
            return Answer(None, problem=f"did not answer within {self.read_seconds:g} s")
        except (OSError, HTTPException):
            return None

    def _talk(self, line: "_Line", post: Post) -> Answer:
        """Raises OSError, HTTPException; the line is kept only after a whole answer."""
        is_kept = False
        try:
            line.sock.settimeout(self.connect_seconds)
            line.request("POST", post.target, post.body, post.headers)
            line.sock.ends_at = time.monotonic() + self.read_seconds
            response = line.getresponse()
            answer = Answer(response.status, response.getheader("Retry-After"))
            try:
                response.read(MAX_BODY_BYTES)
            except (OSError, HTTPException):
                return answer  # the status came, and it is all we want
            is_kept = response.isclosed() and not response.will_close
            return answer
        finally:
            if is_kept:
                self._keep(line, post)
            else:
                line.close()

    def _idle_line(self, post: Post) -> "_Line | None":
        idle = self._idle.get((post.scheme, post.host, post.port))
        while idle:
            try:
                used_at, line = idle.pop()
            except IndexError:
                return None
            # A connection on which something can be read before we asked was closed by the other side.
            if self._monotonic() - used_at < MAX_IDLE_SECONDS and not wait_for_read(line.sock, timeout=0.0):
                return line
            line.close()
        return None

    def _keep(self, line: "_Line", post: Post) -> None:
        with self._lock:
            if len(self._idle) >= MAX_HOSTS and (post.scheme, post.host, post.port) not in self._idle:
                line.close()
                return
            idle = self._idle.setdefault((post.scheme, post.host, post.port), deque())
        if len(idle) >= self._most_idle:
            line.close()
        else:
            idle.append((self._monotonic(), line))


class _Line(HTTPConnection):
    """One connection to a checked address; TLS names and verifies the host."""

    sock: TimedSocket | TimedTlsSocket

    def __init__(self, guard: Guard, post: Post, connect_seconds: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(post.host, post.port, timeout=connect_seconds)
        self._guard = guard
        self._limit = connect_seconds
        self._tls = tls
        if tls is not None:
            self.default_port = 443

    def connect(self) -> None:
        """Raises HostRefused, OSError."""
        connected = self._guard.connect(self.host, self.port, self._limit)
        if self._tls is None:
            self.sock = connected
            return
        try:
            self.sock = cast("TimedTlsSocket", self._tls.wrap_socket(connected, server_hostname=self.host))
        except BaseException:
            connected.close()
            raise


def _close_all(idle: dict[tuple[str, str, int], Idle]) -> None:
    for lines in idle.values():
        while lines:
            lines.pop()[1].close()
