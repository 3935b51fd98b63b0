"""POST /api/v1/auth/refresh: a new access token, and the refresh token's successor."""

from smartalarm.accounts.accounts import Accounts, RefreshRequest
from smartalarm.accounts.session_cookie import (
    COOKIE,
    SessionMode,
    SignedInView,
    check_own_site,
    cleared_cookie,
    signed_in_reply,
)
from smartalarm.errors import Forbidden, Invalid, Unauthenticated
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings

NO_BODY = RefreshRequest()


@endpoint("POST", "/api/v1/auth/refresh", public=True, errors=(Unauthenticated, Forbidden), also=(204,))
def refresh_session(
    request: Request, body: RefreshRequest = NO_BODY, session: SessionMode = None, *, accounts: Accounts, settings: Settings
) -> Reply[SignedInView] | None:
    """Go on with a session. A browser without a session (`session=cookie` and no cookie) gets 204, not an error."""
    cookie = request.cookies.get(COOKIE)
    in_cookie = session == "cookie" or (cookie is not None and body.refresh_token is None)
    if not in_cookie and body.refresh_token is None:
        raise Invalid.field("/refresh_token", "This field is required.")
    if in_cookie:
        check_own_site(request, settings)
    if not (token := body.refresh_token or cookie):
        return None
    try:
        signed_in = accounts.refresh(token)
    except Unauthenticated as error:
        error.headers.update(cleared_cookie(request) if in_cookie else {})
        raise
    return signed_in_reply(signed_in, request, settings, in_cookie=in_cookie)


aws, gcp, oci = entrypoints(refresh_session)
