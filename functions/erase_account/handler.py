"""DELETE /api/v1/me: erase the account and everything it owns."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.accounts.profiles import read_me
from smartalarm.accounts.session_cookie import cleared_cookie
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.ports import Connections, Store
from smartalarm.preconditions import IfMatch


@endpoint("DELETE", "/api/v1/me", status=204, errors=(Conflict,))
def erase_account(
    user: CurrentUser, if_match: IfMatch, request: Request, *, store: Store, connections: Connections
) -> Reply[None]:
    """Erase your account.

    Alarms, history, devices, nights and sessions go with it, at once and for ever.
    """
    if if_match.version not in {None, read_me(store, user.id).version}:
        raise Conflict("Your profile was changed elsewhere in the meantime. Load it again.", code="stale_version")
    store.erase(user.id)
    connections.forget_user(user.id)
    return Reply(None, headers=cleared_cookie(request))


aws, gcp, oci = entrypoints(erase_account)
