"""What a subscription must be before we ever post to it: a known push service's endpoint, and keys that can be used."""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from smartalarm.adapters.webpush.keys import from_base64url
from smartalarm.addresses import MAX_PORT, AllowedHosts, to_ipv6
from smartalarm.errors import FieldError, Invalid
from smartalarm.ports import Subscription

MAX_ENDPOINT_CHARACTERS = 2_048
POINT_BYTES = 65
AUTH_BYTES = 16
USUAL_PORTS = {"https": 443, "http": 80}

# The push services of all browsers that implement the Push API.
_KNOWN_HOSTS = frozenset(
    {
        "fcm.googleapis.com",  # Chrome, Edge on Android, Opera, Brave, Samsung Internet
        "jmt17.google.com",  # Chromium builds without Google's keys
    }
)
_KNOWN_DOMAINS = (
    ".push.services.mozilla.com",  # Firefox: updates.push.services.mozilla.com
    ".notify.windows.com",  # Edge on Windows: one host per region
    ".push.apple.com",  # Safari: web.push.apple.com; Apple asks to allow all of them
)

# Stricter than any URL library, so that no two of them can read one endpoint differently: no user, fragment, backslash,
# control character, dot at the end, empty label or letter outside ASCII.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_ENDPOINT = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<target>/(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})+)",
    re.IGNORECASE | re.ASCII,
)

ENDPOINT = "/push_subscription/endpoint"
P256DH = "/push_subscription/keys/p256dh"
AUTH = "/push_subscription/keys/auth"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A checked endpoint, taken apart. `host` is lower case, IPv6 without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the usual one, port (RFC 6454): the audience of a signature."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == USUAL_PORTS[self.scheme] else f":{self.port}")


def to_endpoint(url: str, allowed: AllowedHosts) -> Endpoint:
    """The endpoint, when it is a known push service's or the operator's. Raises ValueError saying what is wrong."""
    if len(url) > MAX_ENDPOINT_CHARACTERS:
        raise ValueError(f"must be at most {MAX_ENDPOINT_CHARACTERS} characters")
    match = _ENDPOINT.fullmatch(url)
    if match is None:
        raise ValueError("must be an https URL with a host, a path and nothing before or after them")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"] or USUAL_PORTS[scheme])
    if host.startswith("["):
        host = to_ipv6(host[1:-1])
    if port > MAX_PORT:
        raise ValueError("has no such port")
    if not allowed.allows(host, port):
        if host not in _KNOWN_HOSTS and not host.endswith(_KNOWN_DOMAINS):
            raise ValueError("must lie on a known push service's host")
        if scheme != "https" or port != USUAL_PORTS["https"]:
            raise ValueError("must be https on port 443")
    return Endpoint(scheme, host, port, match["target"])


def to_point(text: str) -> bytes:
    """The 65 bytes that an uncompressed P-256 point has. Raises ValueError. Whether it is one, `check_on_curve` says."""
    point = from_base64url(text)
    if len(point) != POINT_BYTES:
        raise ValueError("not 65 bytes")
    return point


def check_on_curve(point: bytes) -> None:
    """Raise ValueError unless the point lies on P-256."""
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def to_auth(text: str) -> bytes:
    """The 16 bytes of an authentication secret. Raises ValueError."""
    auth = from_base64url(text)
    if len(auth) != AUTH_BYTES:
        raise ValueError("not 16 bytes")
    return auth


def check(subscription: Subscription, allowed: AllowedHosts) -> None:
    """Raise Invalid naming every field that is wrong."""
    errors = []
    try:
        to_endpoint(subscription.endpoint, allowed)
    except ValueError as error:
        errors.append(FieldError(ENDPOINT, str(error)))
    try:
        check_on_curve(to_point(subscription.p256dh))
    except ValueError:
        errors.append(FieldError(P256DH, "must be base64url of an uncompressed point on P-256 (65 bytes)"))
    try:
        to_auth(subscription.auth)
    except ValueError:
        errors.append(FieldError(AUTH, "must be base64url of 16 bytes"))
    if errors:
        raise Invalid(errors)
