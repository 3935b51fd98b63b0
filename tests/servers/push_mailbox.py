"""What a push service keeps: subscriptions with their keys, checks of each request, held and delivered messages.

It plays both sides: the push service (RFC 8030 and the VAPID check of RFC 8292) and the device behind it, which holds the
private keys and decrypts (RFC 8291). Signatures are checked with PyJWT, not with the library that made them.
"""

import base64
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DAY_SECONDS = 86_400
MAX_BODY_BYTES = 4_096  # RFC 8291, section 4
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")  # RFC 8030, section 5.4
URGENCIES = {"very-low", "low", "normal", "high"}
VAPID = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)")
AES128GCM_HEADER_BYTES = 86  # salt 16, record size 4, key id length 1, key 65


class Refusal(Exception):
    """The push service says no: an HTTP status and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def to_base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Base64url, padded or not."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class Message:
    """One accepted message. `at` is when its last byte arrived, `delivered_at` when the device got it (Unix seconds)."""

    at: float
    body: bytes
    ttl: int
    urgency: str
    topic: str | None
    claims: Mapping[str, Any]
    delivered_at: float | None = None
    view: dict[str, Any] | None = None


@dataclass(slots=True)
class Failure:
    """How a subscription misbehaves: an HTTP status or "hang", "drip", "close"; for the next `times`, None for ever."""

    mode: str
    times: int | None = None
    retry_after: str | None = None
    location: str | None = None


@dataclass(slots=True)
class Device:
    """One subscription and the device behind it."""

    id: str
    private_key: ec.EllipticCurvePrivateKey
    auth: bytes
    application_server_key: str | None
    online: bool = True
    gone: bool = False
    failure: Failure | None = None
    held: list[Message] = field(default_factory=list)
    delivered: list[Message] = field(default_factory=list)

    @property
    def keys(self) -> dict[str, str]:
        """What a browser hands to the application."""
        point = self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": to_base64url(point), "auth": to_base64url(self.auth)}

    def view(self, message: Message) -> dict[str, Any]:
        """A delivered message as JSON; decrypted when first asked for, so a burst is not slowed down."""
        if message.view is None:
            text, error = self._decrypted(message.body)
            message.view = {
                "at": message.at,
                "delivered_at": message.delivered_at,
                "text": text,
                "error": error,
                "ttl": message.ttl,
                "urgency": message.urgency,
                "topic": message.topic,
                "claims": message.claims,
                "bytes": len(message.body),
            }
        return message.view

    def _decrypted(self, body: bytes) -> tuple[str | None, str | None]:
        try:
            clear = http_ece.decrypt(body, private_key=self.private_key, auth_secret=self.auth, version="aes128gcm")
            return clear.decode(), None
        except (http_ece.ECEException, ValueError, IndexError) as error:
            return None, f"{type(error).__name__}: {error}"


class Mailbox:
    """All subscriptions of one push service. Not thread-safe: one event loop owns it."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.devices: dict[str, Device] = {}
        self.counts: Counter[str] = Counter()
        self.arrivals: list[tuple[str, float]] = []
        self._verified: dict[str, Mapping[str, Any]] = {}

    def subscribe(self, application_server_key: str | None = None) -> dict[str, Any]:
        """Make a subscription, as PushManager.subscribe() does; with a key only its owner may post (RFC 8292, 4)."""
        identity = secrets.token_urlsafe(12)
        key = ec.generate_private_key(ec.SECP256R1())
        device = Device(identity, key, secrets.token_bytes(16), application_server_key)
        self.devices[identity] = device
        return {"id": identity, "endpoint": f"{self.origin}/push/{identity}", "keys": device.keys}

    def take(self, device: Device, headers: Mapping[str, str], body: bytes, at: float) -> None:
        """Accept one message or raise Refusal. Delivers to an online device, else holds it (RFC 8030, 5.2 and 5.4)."""
        ttl, topic, urgency = self._checked_headers(headers, body)
        claims = self._checked_vapid(headers.get("authorization"), device, at)
        message = Message(at, body, ttl, urgency, topic, claims)
        self.arrivals.append((device.id, at))
        if device.online:
            message.delivered_at = at
            device.delivered.append(message)
            self.counts["delivered"] += 1
            return
        if topic is not None:
            kept = [held for held in device.held if held.topic != topic]
            self.counts["replaced"] += len(device.held) - len(kept)
            device.held = kept
        if ttl == 0:
            self.counts["dropped"] += 1
        else:
            device.held.append(message)
            self.counts["held"] += 1

    def go_online(self, device: Device, is_online: bool, at: float) -> None:  # noqa: FBT001 - the state itself
        """Connect or disconnect the device; on connecting it gets what is held and not expired."""
        device.online = is_online
        if not is_online:
            return
        for message in device.held:
            if message.at + message.ttl < at:
                self.counts["expired"] += 1
                continue
            message.delivered_at = at
            device.delivered.append(message)
            self.counts["delivered"] += 1
        device.held = []

    def _checked_headers(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str | None, str]:
        ttl, topic, urgency = headers.get("ttl", ""), headers.get("topic"), headers.get("urgency", "normal")
        if not (ttl.isascii() and ttl.isdigit()):
            raise Refusal(400, "TTL is missing or no number")
        if headers.get("content-encoding") != "aes128gcm":
            raise Refusal(415, "Content-Encoding must be aes128gcm")
        if topic is not None and not TOPIC.fullmatch(topic):
            raise Refusal(400, "Topic must be 1 to 32 URL-safe characters")
        if urgency not in URGENCIES:
            raise Refusal(400, "unknown Urgency")
        if len(body) > MAX_BODY_BYTES:
            raise Refusal(413, "payload over 4,096 bytes")
        if len(body) <= AES128GCM_HEADER_BYTES or body[20] != 65:
            raise Refusal(400, "no aes128gcm header with a P-256 key")
        return int(ttl), topic, urgency

    def _checked_vapid(self, authorization: str | None, device: Device, at: float) -> Mapping[str, Any]:
        if authorization is None:
            raise Refusal(401, "Authorization is missing")
        claims = self._verified.get(authorization)
        if claims is None:
            claims = self._verified[authorization] = self._verify(authorization)
            self.counts["signatures_verified"] += 1
        if not at < claims["exp"] <= at + DAY_SECONDS + 60:
            raise Refusal(403, "exp is past or more than 24 hours ahead")
        if device.application_server_key is not None and claims["k"] != device.application_server_key:
            raise Refusal(403, "signed with another key than the subscription was made for")
        return claims

    def _verify(self, authorization: str) -> Mapping[str, Any]:
        match = VAPID.fullmatch(authorization)
        if match is None:
            raise Refusal(403, "Authorization is not of the form vapid t=..., k=...")
        token, key_text = match.groups()
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(key_text))
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["ES256"], audience=self.origin, options={"require": ["aud", "exp", "sub"]}
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Refusal(403, f"VAPID token: {error}") from None
        if not str(claims["sub"]).startswith(("mailto:", "https://")):
            raise Refusal(403, "sub is neither mailto: nor https:")
        return {**claims, "k": key_text}
