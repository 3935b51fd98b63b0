"""POST /api/v1/auth/register: make an account and sign in."""

from smartalarm.accounts.accounts import Accounts
from smartalarm.accounts.profile import NewAccount
from smartalarm.accounts.session_cookie import SessionMode, SignedInView, check_own_site, signed_in_reply
from smartalarm.errors import Conflict, Forbidden, TooMany
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.settings import Settings


@endpoint("POST", "/api/v1/auth/register", status=201, public=True, errors=(Forbidden, Conflict, TooMany))
def register_account(
    body: NewAccount, request: Request, session: SessionMode = None, *, accounts: Accounts, settings: Settings
) -> Reply[SignedInView]:
    """Make an account and sign in."""
    if session == "cookie":
        check_own_site(request, settings)
    signed_in = accounts.register(body, client_address=request.client_address)
    return signed_in_reply(signed_in, request, settings, in_cookie=session == "cookie")


aws, gcp, oci = entrypoints(register_account)
