"""POST /api/v1/auth/refresh: a new access token, and the refresh token's successor."""

from smartalarm.accounts.session_cookie import (
    COOKIE,
    SessionMode,
    SignedInView,
    check_own_site,
    cleared_cookie,
    signed_in_reply,
)
from smartalarm.accounts.staying import RefreshRequest, Staying
from smartalarm.errors import Forbidden, Invalid, Unauthenticated
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings


@endpoint("POST", "/api/v1/auth/refresh", public=True, errors=(Unauthenticated, Forbidden), also=(204,))
def refresh_session(
    request: Request,
    body: RefreshRequest = RefreshRequest(),
    session: SessionMode = None,
    *,
    staying: Staying,
    settings: Settings,
) -> Reply[SignedInView] | None:
    """Go on with a session.

    A browser that has none (`session=cookie` without a cookie) gets 204, so that a first visit makes no failing request.
    """
    cookie = request.cookies.get(COOKIE)
    in_cookie = session == "cookie" or (cookie is not None and body.refresh_token is None)
    if not in_cookie and body.refresh_token is None:
        raise Invalid.field("/refresh_token", "This field is required.")
    if in_cookie:
        check_own_site(request, settings)
    if not (token := body.refresh_token or cookie):
        return None
    try:
        signed_in = staying.refresh(token)
    except Unauthenticated as error:
        error.headers.update(cleared_cookie(request) if in_cookie else {})
        raise
    return signed_in_reply(signed_in, request, settings, in_cookie=in_cookie)


aws, gcp, oci = entrypoints(refresh_session)
