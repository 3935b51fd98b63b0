"""POST /api/v1/auth/refresh: a new access token, and the refresh token's successor."""

from smartalarm.accounts.session_cookie import SessionMode, SignedInView, cleared_cookie, read_refresh_token, signed_in_reply
from smartalarm.accounts.staying import RefreshRequest, Staying
from smartalarm.errors import Forbidden, Unauthenticated
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
    token, in_cookie = read_refresh_token(request, body.refresh_token, session, settings)
    if token is None:
        return None
    try:
        signed_in = staying.refresh(token)
    except Unauthenticated as error:
        error.headers.update(cleared_cookie(request) if in_cookie else {})
        raise
    return signed_in_reply(signed_in, request, settings, in_cookie=in_cookie)


aws, gcp, oci = entrypoints(refresh_session)
