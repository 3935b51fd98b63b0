"""A requests session for addresses that somebody else chose: webhooks, feeds, whatever a user may type in.

Connections are guarded (guard.py). Redirects are not followed, proxies and the environment are ignored, every call is
bounded in time as a whole, and answers are read up to a small bound. Bursts of small posts go through poster.py.
"""

import socket
import time
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from smartalarm.adapters.guard import (
    CONNECT_SECONDS,
    READ_SECONDS,
    EndsOnTime,
    Guard,
    HostRefused,
    Resolver,
    resolve,
    tls_context,
)
from smartalarm.addresses import AllowedHosts

MAX_BODY_BYTES = 65_536
MAX_HOSTS = 64


class AddressRefused(requests.RequestException):
    """The host has an address that is not a public one, and the operator did not list it."""


class BodyTooLarge(requests.RequestException):
    """The answer is larger than we read from strangers."""


class _GuardedAdapter(HTTPAdapter):
    """Opens checked connections only; time-outs and the bound on answers cannot be left out."""

    def __init__(
        self, allowed: AllowedHosts, resolver: Resolver, *, limits: tuple[float, float], pool_size: int, ca_file: str | None
    ) -> None:
        self._limits = limits
        self._tls = tls_context(ca_file or DEFAULT_CA_BUNDLE_PATH)
        self._pools = _guarded_pools(allowed, resolver)
        super().__init__(pool_connections=MAX_HOSTS, pool_maxsize=pool_size)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002
        """The pools with guarded connections (called by HTTPAdapter)."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to do: our context verifies always."""

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ARG002
        cert: Any = None,  # noqa: ARG002
    ) -> Any:
        """Where to; how is settled by our context."""
        parts = urlsplit(request.url or "")
        return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}, {}

    def send(self, request: requests.PreparedRequest, *_: Any, **named: Any) -> requests.Response:
        """Send one request. Raises AddressRefused, BodyTooLarge and what requests raises."""
        try:
            response = super().send(request, stream=True, timeout=named.get("timeout") or self._limits)
        except HostRefused as refused:
            raise AddressRefused(str(refused), request=request) from None
        try:
            body = response.raw.read(MAX_BODY_BYTES + 1, decode_content=True)
        except HTTPError as error:
            raise requests.ConnectionError(error, request=request) from error
        finally:
            _give_back(response.raw)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(f"the answer is over {MAX_BODY_BYTES} bytes", request=request, response=response)
        response.raw = BytesIO(body)
        return response


class OutgoingSession(requests.Session):
    """A requests session for addresses that strangers chose. Safe to use from many threads; it keeps no cookies."""

    def __init__(
        self, allowed: AllowedHosts, resolver: Resolver, *, limits: tuple[float, float], pool_size: int, ca_file: str | None
    ) -> None:
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        guarded = _GuardedAdapter(allowed, resolver, limits=limits, pool_size=pool_size, ca_file=ca_file)
        self.mount("https://", guarded)
        self.mount("http://", guarded)

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' signature
        """Nowhere: a redirect is the answer, it is never followed."""
        return None


def _give_back(response: Any) -> None:
    """Return the connection to its pool, closed unless the answer was read to its end."""
    if not response.closed:
        response.close()
    response.release_conn()


def open_session(
    allowed: AllowedHosts | None = None,
    *,
    resolver: Resolver = resolve,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    pool_size: int = 128,
    ca_file: str | None = None,
) -> OutgoingSession:
    """A session whose every connection is checked. `allowed` hosts may have any address.

    `connect_seconds` bounds the look-up with the connecting, `read_seconds` the whole answer. `pool_size` connections are
    kept for each host.
    """
    limits = (connect_seconds, read_seconds)
    return OutgoingSession(allowed or AllowedHosts(), resolver, limits=limits, pool_size=pool_size, ca_file=ca_file)


class _Guarded:
    """What both kinds of connection do differently from urllib3's."""

    guard: Guard

    def _new_conn(self: Any) -> socket.socket:
        limit = self.timeout if isinstance(self.timeout, int | float) else CONNECT_SECONDS
        try:
            connection: socket.socket = self.guard.connect(self.host, self.port, limit)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        return connection

    def getresponse(self: Any) -> Any:
        """Wait for the answer; its head and body together end within the read time-out."""
        limit = self.timeout if isinstance(self.timeout, int | float) else READ_SECONDS
        if isinstance(self.sock, EndsOnTime):
            self.sock.ends_at = time.monotonic() + limit
        return super().getresponse()  # type: ignore[misc]  # of urllib3's connection


def _guarded_pools(allowed: AllowedHosts, resolver: Resolver) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pool classes by scheme, for a PoolManager, that share one guard."""
    shared = Guard(allowed, resolver)

    class GuardedConnection(_Guarded, HTTPConnection):
        guard = shared

    class GuardedTlsConnection(_Guarded, HTTPSConnection):
        guard = shared

    class Pool(HTTPConnectionPool):
        ConnectionCls = GuardedConnection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = GuardedTlsConnection

    return {"http": Pool, "https": TlsPool}
