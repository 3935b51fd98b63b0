"""POST /api/v1/auth/logout: end this session, or all of one's sessions."""

from smartalarm.accounts.access import Visitor
from smartalarm.accounts.session_cookie import COOKIE, check_own_site, cleared_cookie
from smartalarm.accounts.staying import LogOutRequest, Staying
from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings


@endpoint("POST", "/api/v1/auth/logout", status=204, public=True, errors=(Unauthenticated, Forbidden))
def log_out(
    visitor: Visitor, request: Request, body: LogOutRequest = LogOutRequest(), *, staying: Staying, settings: Settings
) -> Reply[None]:
    """End this session, or all of your sessions.

    It is named by the access token, the cookie or the refresh token. Access tokens stay good until they expire, 15
    minutes at most.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is not None:
        check_own_site(request, settings)
    headers = cleared_cookie(request) if cookie is not None else {}
    try:
        tokens = [token for token in (body.refresh_token, cookie) if token]
        staying.log_out(visitor.user, tokens, is_everywhere=body.everywhere)
    except Unauthenticated as error:
        error.headers.update(headers)
        raise
    return Reply(None, headers=headers)


aws, gcp, oci = entrypoints(log_out)
