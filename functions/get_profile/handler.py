"""GET /api/v1/me: the signed-in user's profile and settings."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.accounts.profile import MeView
from smartalarm.accounts.profiles import read_me
from smartalarm.function import endpoint, entrypoints
from smartalarm.ports import Store


@endpoint("GET", "/api/v1/me")
def get_profile(user: CurrentUser, *, store: Store) -> MeView:
    """See your profile and settings."""
    return read_me(store, user.id)


aws, gcp, oci = entrypoints(get_profile)
