"""VAPID keys and signatures (RFC 8292): how push services know who is posting."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

PRIVATE_BYTES = 32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
# RFC 8292 allows 24 hours; half of it leaves room for clocks that are wrong.
LIFETIME = timedelta(hours=12)
# Signing takes as long as half an encryption, and the same signature is good for every message to one push service.
REUSED_FOR = timedelta(minutes=50)
MAX_KEPT = 256


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Strict base64url, padded or not. Raises ValueError for anything else."""
    bare = text.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    # The standard library skips characters that are not of the alphabet.
    if text not in {bare, padded} or not _BASE64URL.fullmatch(bare):
        raise ValueError("not base64url")
    return urlsafe_b64decode(padded)  # raises binascii.Error, a ValueError, for an impossible length


def generate_vapid_keys() -> tuple[str, str]:
    """A new key pair (public, private), base64url without padding: what VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY hold."""
    key = ec.generate_private_key(ec.SECP256R1())
    return public_key(key), to_base64url(key.private_numbers().private_value.to_bytes(PRIVATE_BYTES, "big"))


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers want it: the uncompressed point, base64url without padding."""
    return to_base64url(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def load_private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 private key from base64url of its 32 bytes, or from PEM. Raises ValueError that does not show it."""
    problem = "the VAPID private key is neither base64url of 32 bytes nor a PEM of a P-256 key"
    try:
        key = _from_pem(text) if "-----BEGIN" in text else _from_raw(text)
    except (ValueError, TypeError):  # TypeError: the PEM wants a password
        raise ValueError(problem) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(problem)  # noqa: TRY004 - a wrong value, in a setting
    return key


def _from_pem(text: str) -> object:
    # An environment variable often holds the line ends as two characters.
    return load_pem_private_key(text.replace("\\n", "\n").strip().encode(), password=None)


def _from_raw(text: str) -> object:
    raw = from_base64url(text.strip())
    if len(raw) != PRIVATE_BYTES:
        raise ValueError("not 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


class Vapid:
    """Signs for one subject (a mailto: or https: address of ours) with one key. Safe to use from many threads."""

    def __init__(self, private_key: str, subject: str) -> None:
        if not subject.startswith(("mailto:", "https://")) or any(sign.isspace() or sign in "<>" for sign in subject):
            raise ValueError("the VAPID subject is neither mailto:<address> nor https://<address>")
        self._key = load_private_key(private_key)
        self._subject = subject
        self.public_key = public_key(self._key)
        self._kept: dict[str, tuple[datetime, str]] = {}

    def authorization(self, audience: str, now: datetime) -> str:
        """The Authorization header for an origin (https://host, with the port unless it is the usual one)."""
        signed_at, header = self._kept.get(audience, (None, ""))
        if signed_at is None or not timedelta() <= now - signed_at < REUSED_FOR:
            header = self._sign(audience, now)
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[audience] = (now, header)
        return header

    def _sign(self, audience: str, now: datetime) -> str:
        from py_vapid.jwt import sign  # noqa: PLC0415 - 30 ms that only those who send should pay

        # A new dict each time: the library's callers share one at their peril. Its Vapid02.sign would do the same but
        # refuses an IPv6 audience.
        claims = {"aud": audience, "exp": int((now + LIFETIME).timestamp()), "sub": self._subject}
        return f"vapid t={sign(claims, self._key)},k={self.public_key}"
