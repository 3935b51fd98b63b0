"""How a sign-in is answered: the refresh token in the body, or for browsers (`?session=cookie`) in an HttpOnly cookie.

The cookie is SameSite=Strict, which already keeps other sites out; requests that use it are checked on their own as well,
because browsers differ: an Origin has to be ours, and a body has to be JSON, which no form can send.
"""

import ipaddress
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.accounts.access import ACCESS_SECONDS
from smartalarm.accounts.profile import MeView
from smartalarm.accounts.staying import SignedIn
from smartalarm.errors import Forbidden, Invalid, UnsupportedMedia
from smartalarm.headers import is_listed_origin, is_own_origin
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings

COOKIE: Final = "refresh_token"
PATH: Final = "/api/v1/auth"
SessionMode = Literal["cookie"] | None
_DAY_SECONDS: Final = 24 * 60 * 60


class SignedInView(BaseModel):
    """The answer to a sign-in. `refresh_token` is null when it went into the cookie; `expires_in` is in seconds."""

    model_config = ConfigDict(frozen=True)

    user: MeView
    access_token: str
    expires_in: int = Field(ACCESS_SECONDS, description="Seconds until the access token expires.")
    refresh_token: str | None


def signed_in_reply(signed_in: SignedIn, request: Request, settings: Settings, *, in_cookie: bool) -> Reply[SignedInView]:
    """The answer that hands the tokens over."""
    seconds = settings.refresh_token_days * _DAY_SECONDS
    headers = {"set-cookie": _cookie(request, signed_in.refresh_token, seconds)} if in_cookie else {}
    token = None if in_cookie else signed_in.refresh_token
    view = SignedInView(user=signed_in.user, access_token=signed_in.access_token, refresh_token=token)
    return Reply(view, headers=headers)


def read_refresh_token(
    request: Request, in_body: str | None, mode: SessionMode, settings: Settings
) -> tuple[str | None, bool]:
    """The token to refresh with (None: there is no session), and whether the next one belongs into the cookie.

    Raises Invalid when it can be nowhere, Forbidden or UnsupportedMedia when another site may be asking for the cookie.
    """
    cookie = request.cookies.get(COOKIE)
    in_cookie = mode == "cookie" or (cookie is not None and in_body is None)
    if in_cookie:
        check_own_site(request, settings)
    elif in_body is None:
        raise Invalid.field("/refresh_token", "This field is required.")
    return in_body or cookie or None, in_cookie


def cleared_cookie(request: Request) -> dict[str, str]:
    """The headers that make a browser forget the cookie."""
    return {"set-cookie": _cookie(request, "", 0)}


def check_own_site(request: Request, settings: Settings) -> None:
    """Raise Forbidden or UnsupportedMedia for a request that another site may have made a browser send."""
    origin = request.headers.get("origin")
    if origin is not None and not (is_own_origin(origin, request.host, settings) or is_listed_origin(origin, settings)):
        raise Forbidden("This request comes from another site.", code="foreign_origin")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in {"", "application/json"}:
        raise UnsupportedMedia("Send the body as application/json.")


def _cookie(request: Request, value: str, seconds: int) -> str:
    # A browser takes no Secure cookie over plain http. On the machine itself nobody listens; elsewhere there must be TLS.
    secure = "" if request.scheme == "http" and _is_loopback(request.host) else "; Secure"
    return f"{COOKIE}={value}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
