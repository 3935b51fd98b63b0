"""Connections that go to a checked address only, and end on time: the floor under every call to a stranger's address.

A host is resolved, every address of the answer is checked, and the connection goes to the very address that was checked:
no second look-up can answer differently.
"""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Any

from smartalarm.addresses import AllowedHosts, is_public

Resolver = Callable[[str, int], Sequence[str]]

# An idle connection may have been dropped without a word by something on the way; a post on it would wait in vain.
MAX_IDLE_SECONDS = 30.0
KEEP_SECONDS = 10.0
MAX_KEPT = 1_024
MAX_TRIED = 4
CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
# Posts are small and wait for their answers: no delay in the hope of more to send.
SOCKET_OPTIONS = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


class HostRefused(Exception):
    """The host has an address that is not public. No OSError on purpose: urllib3 would hide it in one of its own."""


def resolve(host: str, port: int) -> list[str]:
    """The host's addresses in the order to try them (RFC 6724), from the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Lookup:
    """One look-up under way or done; all who want the host wait for the same one."""

    def __init__(self, resolver: Resolver, host: str, port: int) -> None:
        self._resolver, self._host, self._port = resolver, host, port
        self._done = Event()
        self._addresses: Sequence[str] = ()
        self._error: OSError | None = None
        self._done_at: float | None = None
        # The system's resolver knows no time limit, so a thread waits for it and nobody waits for the thread.
        Thread(target=self._run, daemon=True, name=f"look-up {host}").start()

    def _run(self) -> None:
        try:
            self._addresses = self._resolver(self._host, self._port)
        except (OSError, UnicodeError) as error:
            self._error = error if isinstance(error, OSError) else OSError(str(error))
        finally:
            self._done_at = time.monotonic()
            self._done.set()

    def is_older_than(self, seconds: float) -> bool:
        """Whether its answer came longer ago."""
        return self._done_at is not None and time.monotonic() - self._done_at >= seconds

    def result(self, limit_seconds: float) -> Sequence[str]:
        """The addresses. Raises TimeoutError, or the resolver's OSError."""
        if not self._done.wait(limit_seconds):
            raise TimeoutError("the look-up takes too long")
        if self._error is not None:
            raise OSError(str(self._error))
        return self._addresses


class Guard:
    """Looks hosts up, checks all their addresses and connects to one of those it checked."""

    def __init__(self, allowed: AllowedHosts, resolver: Resolver, *, keep_seconds: float = KEEP_SECONDS) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._keep_seconds = keep_seconds
        self._kept: dict[tuple[str, int], _Lookup] = {}
        self._lock = Lock()

    def addresses(self, host: str, port: int, limit_seconds: float) -> Sequence[str]:
        """The host's addresses, all of them fit to connect to. Raises HostRefused, TimeoutError, OSError."""
        with self._lock:
            lookup = self._kept.get((host, port))
            if lookup is None or lookup.is_older_than(self._keep_seconds):
                if len(self._kept) >= MAX_KEPT:
                    self._kept.clear()
                lookup = self._kept[host, port] = _Lookup(self._resolver, host, port)
        found = lookup.result(limit_seconds)
        # One bad address among good ones is refused too: which of them is used would be the attacker's choice.
        if not self._allowed.allows(host, port) and not all(is_public(address) for address in found):
            raise HostRefused("has an address that is not a public one")
        if not found:
            raise OSError("the host has no address")
        return found

    def connect(self, host: str, port: int, limit_seconds: float) -> "TimedSocket":
        """A connected socket, within the time limit as a whole. Raises HostRefused, TimeoutError, OSError."""
        end = time.monotonic() + limit_seconds
        found = self.addresses(host, port, limit_seconds)[:MAX_TRIED]
        problem: OSError = TimeoutError("timed out")
        for tried, address in enumerate(found):
            left = end - time.monotonic()
            if left <= 0:
                break
            connection = TimedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            try:
                for option in SOCKET_OPTIONS:
                    connection.setsockopt(*option)
                # The first address may be a black hole (IPv6 often is): leave time for the others.
                connection.settimeout(left / (len(found) - tried))
                connection.connect((address, port))
            except OSError as error:
                connection.close()
                problem = error
            else:
                connection.settimeout(limit_seconds)
                return connection
        raise problem


class EndsOnTime:
    """A socket mix-in: a socket's time-out is one per read, so a byte now and then would hold us for ever."""

    ends_at: float | None = None

    def _limit_next_read(self) -> None:
        if self.ends_at is None:
            return
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.settimeout(left)  # type: ignore[attr-defined]  # the socket's


class TimedSocket(EndsOnTime, socket.socket):
    """A TCP socket whose reads end by `ends_at`."""

    def recv_into(self, *args: Any, **named: Any) -> int:
        """Read what is left of the time."""
        self._limit_next_read()
        return super().recv_into(*args, **named)


class TimedTlsSocket(EndsOnTime, ssl.SSLSocket):
    """A TLS socket whose reads end by `ends_at`."""

    def recv_into(self, *args: Any, **named: Any) -> int:
        """Read what is left of the time."""
        self._limit_next_read()
        return super().recv_into(*args, **named)


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Verifies certificate and host name against the authorities in a file.

    One serves all connections: reading the authorities for each would cost more than the call.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.sslsocket_class = TimedTlsSocket
    return context
