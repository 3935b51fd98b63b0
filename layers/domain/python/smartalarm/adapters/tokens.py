"""Signed tokens: JWT (RFC 7519) with HS256 and nothing else, following RFC 8725; secrets derived by HKDF (RFC 5869)."""

import base64
import hmac
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import jwt

from smartalarm.errors import Unauthenticated
from smartalarm.ports import JsonObject

SHORTEST_SECRET: Final = 32
LONGEST_TOKEN: Final = 4096
KEPT_TOKENS: Final = 1024
_ALGORITHM: Final = "HS256"
_SALT: Final = b"smartalarm"
_END_OF_TIME: Final = 2**53


class JwtSigner:
    """`Signer` under one secret (>= 32 characters). Time is the caller's `now`, without leeway.

    A new secret ends every token and every session: refresh tokens are derived from it too.
    """

    def __init__(self, secret: str, issuer: str, audience: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"JWT_SECRET_KEY needs at least {SHORTEST_SECRET} characters")
        self._secret = secret.encode()
        self._issuer = issuer
        self._audience = audience
        self._key_for = lru_cache(maxsize=32)(self._expand)
        # All but the time is checked here, and that never changes: a client sends the same token with every request.
        self._claims_of = lru_cache(maxsize=KEPT_TOKENS)(self._read)

    def sign(self, claims: JsonObject, *, now: datetime, lifetime_seconds: int) -> str:
        """See `Signer.sign`."""
        issued_at = int(now.timestamp())
        own = {"iss": self._issuer, "aud": self._audience, "iat": issued_at, "exp": issued_at + lifetime_seconds}
        return jwt.encode({**claims, **own}, self._secret, algorithm=_ALGORITHM)

    def verify(self, token: str, *, now: datetime) -> dict[str, Any]:
        """See `Signer.verify`. The library checks all but the time, which it would take from the system's clock."""
        claims = self._claims_of(token) if len(token) <= LONGEST_TOKEN else None
        if claims is None or not _is_valid_at(claims, now.timestamp()):
            raise Unauthenticated(
                "This token is not valid, or not any more.",
                code="invalid_token",
                headers={"www-authenticate": 'Bearer error="invalid_token"'},
            )
        return dict(claims)

    def _read(self, token: str) -> dict[str, Any] | None:
        try:
            return jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": ["exp", "iat", "iss", "aud", "sub"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, ValueError, RecursionError):  # RecursionError: a header nested a thousand deep
            return None

    def derive(self, purpose: str, text: str) -> str:
        """See `Signer.derive`."""
        digest = hmac.digest(self._key_for(purpose), text.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def _expand(self, purpose: str) -> bytes:
        """HKDF-SHA256 with one block of output: a key for `purpose` that tells nothing about the secret or other keys."""
        extracted = hmac.digest(_SALT, self._secret, "sha256")
        return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


def _is_valid_at(claims: dict[str, Any], moment: float) -> bool:
    """Between nbf and exp. iat only has to be a time: two hosts' clocks differ, and a token is none the worse for it."""
    issued_at, expires_at, not_before = claims["iat"], claims["exp"], claims.get("nbf", 0)
    return all(map(_is_time, (issued_at, expires_at, not_before))) and not_before <= moment < expires_at


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _END_OF_TIME
