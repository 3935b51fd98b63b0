"""The one place that opens connections to addresses somebody else chose.

A host is resolved, every address of the answer is checked, and the connection goes to the very address that was checked:
no second look-up can answer differently. TLS still names and verifies the host. Redirects are not followed, proxies and
the environment are ignored, every call is bounded in time as a whole, and answers are read up to a small bound.
"""

import contextlib
import ssl
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError, ReadTimeoutError, SSLError
from urllib3.util.retry import Retry

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.guarded_connection import HostRefused, Resolver, TimedTlsSocket, guarded_pools, resolve
from smartalarm.addresses import AllowedHosts

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
MAX_BODY_BYTES = 65_536
MAX_HOSTS = 64
_NO_RETRY = Retry.from_int(retries=False, redirect=False)


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
        # One context for all connections: reading the certificates for each would cost more than the post.
        self._tls = ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
        self._tls.sslsocket_class = TimedTlsSocket
        self._pools = guarded_pools(allowed, resolver)
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
        self._limits = Timeout(connect=limits[0], read=limits[1])
        self._guarded = _GuardedAdapter(allowed, resolver, limits=limits, pool_size=pool_size, ca_file=ca_file)
        self.mount("https://", self._guarded)
        self.mount("http://", self._guarded)

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' signature
        """Nowhere: a redirect is the answer, it is never followed."""
        return None

    def exchange(self, post: Post) -> Answer:
        """Post and read the status, through the guarded pools alone: a third of the CPU time that `session.post` takes.

        Never raises for what the network does.
        """
        try:
            try:
                return self._exchange_once(post)
            except ProtocolError:
                # Nearly always a kept connection that the other side gave up: once more, on a new one.
                return self._exchange_once(post)
        except HostRefused as refused:
            return Answer(None, problem=str(refused), is_refused=True)
        except HTTPError as error:
            return Answer(None, problem=self._to_words(error))

    def _exchange_once(self, post: Post) -> Answer:
        pool = self._guarded.poolmanager.connection_from_host(post.host, post.port, post.scheme)
        response = pool.urlopen(
            "POST",
            post.target,
            body=post.body,
            headers=post.headers,
            retries=_NO_RETRY,
            redirect=False,
            assert_same_host=False,
            timeout=self._limits,
            preload_content=False,
            decode_content=False,
        )
        # The status came, and it is all we want; reading on only serves to keep the connection.
        with contextlib.suppress(HTTPError):
            response.read(MAX_BODY_BYTES)
        _give_back(response)
        return Answer(response.status, response.headers)

    def _to_words(self, error: HTTPError) -> str:
        match error:
            case NewConnectionError():
                return "could not be reached"
            case ConnectTimeoutError():
                return f"could not be reached within {self._limits.connect_timeout:g} s"
            case ReadTimeoutError():
                return f"did not answer within {self._limits.read_timeout:g} s"
            case ProtocolError():
                return "closed the connection without an answer"
            case SSLError():
                return "could not prove who it is (TLS)"
        return f"could not be reached ({type(error).__name__})"


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
