"""Who is asking: read from the bearer token of a request, and the signing of those tokens.

Access token: {"use": "access", "sub": user, "sid": session}, 15 minutes. Nothing takes one back earlier, not even signing
out: it is checked without a look into the store, which is what makes it cheap.
Answer token: {"use": "answer", "sub": user, "occurrence": id, "device": id}. It comes with a ring's push message, so that a
service worker can ack, snooze and dismiss that one occurrence without a session.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.http import Request
from smartalarm.ports import Clock, Signer

ACCESS_SECONDS: Final = 15 * 60
_BEARER: Final[dict[str, Any]] = {"security": [{"bearer": []}]}


def sign_access_token(signer: Signer, user: str, session_id: str, *, now: datetime) -> str:
    """A token that speaks for the user, as part of one session."""
    claims = {"use": "access", "sub": user, "sid": session_id}
    return signer.sign(claims, now=now, lifetime_seconds=ACCESS_SECONDS)


def sign_answer_token(
    signer: Signer, user: str, occurrence_id: str, device_id: str | None, *, now: datetime, lifetime_seconds: int
) -> str:
    """A token that answers one occurrence, in the name of the device whose push message carries it."""
    claims = {"use": "answer", "sub": user, "occurrence": occurrence_id, "device": device_id}
    return signer.sign(claims, now=now, lifetime_seconds=lifetime_seconds)


@dataclass(frozen=True)
class CurrentUser:
    """The signed-in user, and the session (refresh family) that the access token came from."""

    id: str
    session_id: str

    is_credential: ClassVar[bool] = True
    openapi: ClassVar[dict[str, Any]] = _BEARER

    @classmethod
    def from_request(cls, request: Request, *, signer: Signer, clock: Clock) -> "CurrentUser":
        """Read `Authorization: Bearer <access token>`. Raises Unauthenticated."""
        claims = _claims(request, signer, clock)
        if claims["use"] != "access":
            raise _wrong_token()
        return cls(claims["sub"], claims["sid"])


@dataclass(frozen=True)
class Visitor:
    """Whoever is asking: `user` is None for somebody who sent no access token, or one that does not count."""

    user: CurrentUser | None

    openapi: ClassVar[dict[str, Any]] = {"security": [{}, {"bearer": []}]}

    @classmethod
    def from_request(cls, request: Request, *, signer: Signer, clock: Clock) -> "Visitor":
        """Read the bearer token, if there is a valid one."""
        try:
            return cls(CurrentUser.from_request(request, signer=signer, clock=clock))
        except Unauthenticated:
            return cls(None)


@dataclass(frozen=True)
class Answerer:
    """Who answers a ring: a signed-in user (`occurrence_id` None), or a device by the answer token of one occurrence."""

    user_id: str
    occurrence_id: str | None = None
    device_id: str | None = None

    is_credential: ClassVar[bool] = True
    openapi: ClassVar[dict[str, Any]] = _BEARER

    @classmethod
    def from_request(cls, request: Request, *, signer: Signer, clock: Clock) -> "Answerer":
        """Read `Authorization: Bearer <access or answer token>`. Raises Unauthenticated."""
        claims = _claims(request, signer, clock)
        if claims["use"] == "access":
            return cls(claims["sub"])
        return cls(claims["sub"], claims["occurrence"], claims["device"])

    def check(self, occurrence_id: str) -> None:
        """Raise Forbidden when the token is another occurrence's."""
        if self.occurrence_id not in {None, occurrence_id}:
            raise Forbidden("This token answers another occurrence.")


def _claims(request: Request, signer: Signer, clock: Clock) -> dict[str, Any]:
    """The claims of an access or answer token, with all that its use needs."""
    if request.bearer is None:
        raise Unauthenticated("Sign in first: send an access token as Authorization: Bearer.")
    claims = signer.verify(request.bearer, now=clock.now())
    is_access = claims.get("use") == "access" and isinstance(claims.get("sid"), str)
    is_answer = claims.get("use") == "answer" and isinstance(claims.get("occurrence"), str) and "device" in claims
    if not (is_access or is_answer):
        raise _wrong_token()
    return claims


def _wrong_token() -> Unauthenticated:
    return Unauthenticated(
        "This token is for something else.",
        code="invalid_token",
        headers={"www-authenticate": 'Bearer error="invalid_token"'},
    )
