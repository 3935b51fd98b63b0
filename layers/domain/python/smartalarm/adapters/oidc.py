"""The tokens that Google's scheduler sends: OpenID Connect ID tokens (OpenID Connect Core 1.0, 3.1.3.7), checked here."""

from datetime import datetime
from typing import Any, Final

import jwt

from smartalarm.errors import Forbidden, Unauthenticated, Unavailable

GOOGLE_KEYS: Final = "https://www.googleapis.com/oauth2/v3/certs"
ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
LONGEST_TOKEN: Final = 4096
FETCH_SECONDS: Final = 5.0
KEEP_SECONDS: Final = 3600.0
"""Google announces a new key hours before it signs with it; one that is not known yet is looked for at once."""
_ALGORITHM: Final = "RS256"


class GoogleSchedulerTokens:
    """`SchedulerTokens` for one audience and one service account. Keys are fetched when first needed, and kept.

    For a key that nobody knows they are fetched anew, at most every 30 s, so that forged tokens cause no traffic.
    """

    def __init__(self, audience: str, email: str, keys_url: str = "") -> None:
        self._audience = audience
        self._email = email
        self._keys = jwt.PyJWKClient(keys_url or GOOGLE_KEYS, lifespan=KEEP_SECONDS, timeout=FETCH_SECONDS)

    def check(self, token: str, *, now: datetime) -> None:
        """See `SchedulerTokens.check`."""
        claims = self._claims(token)
        expires_at, not_before = claims["exp"], claims.get("nbf", 0)
        if not all(isinstance(at, int) for at in (expires_at, not_before)) or not not_before <= now.timestamp() < expires_at:
            raise _invalid("it is not valid now")
        if claims["email"] != self._email or claims.get("email_verified") is not True:
            raise Forbidden("Only the scheduler's own service account, TICK_EMAIL, may start this job.")

    def _claims(self, token: str) -> dict[str, Any]:
        """All but the time is checked here; that is the caller's, not the system's."""
        if len(token) > LONGEST_TOKEN:
            raise _invalid("it is too long")
        try:
            return jwt.decode(
                token,
                self._keys.get_signing_key_from_jwt(token),
                algorithms=[_ALGORITHM],
                audience=self._audience,
                issuer=ISSUERS,
                options={
                    "require": ["exp", "iat", "iss", "aud", "sub", "email"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable("The keys of the scheduler's tokens cannot be read now") from error
        except jwt.InvalidAudienceError:
            raise _invalid("it is for another audience than TICK_AUDIENCE") from None
        except jwt.InvalidIssuerError:
            raise _invalid("Google did not issue it") from None
        except (jwt.PyJWTError, ValueError, RecursionError):  # RecursionError: a header nested a thousand deep
            raise _invalid("Google's keys did not sign it") from None


def _invalid(why: str) -> Unauthenticated:
    return Unauthenticated(
        f"This token does not start a job: {why}.",
        code="invalid_token",
        headers={"www-authenticate": 'Bearer error="invalid_token"'},
    )
