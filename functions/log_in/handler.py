"""POST /api/v1/auth/login: sign in with e-mail address and password."""

from smartalarm.accounts.accounts import Accounts, Credentials
from smartalarm.accounts.session_cookie import SessionMode, SignedInView, check_own_site, signed_in_reply
from smartalarm.errors import Forbidden, TooMany, Unauthenticated
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings


@endpoint("POST", "/api/v1/auth/login", public=True, errors=(Unauthenticated, Forbidden, TooMany))
def log_in(
    body: Credentials, request: Request, session: SessionMode = None, *, accounts: Accounts, settings: Settings
) -> Reply[SignedInView]:
    """Sign in with e-mail address and password."""
    if session == "cookie":
        check_own_site(request, settings)
    signed_in = accounts.log_in(body, client_address=request.client_address)
    return signed_in_reply(signed_in, request, settings, in_cookie=session == "cookie")


aws, gcp, oci = entrypoints(log_in)
