"""PATCH /api/v1/me: change name, locale, time zone or settings."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.accounts.profile import MeView, ProfileChange
from smartalarm.accounts.profiles import Profiles
from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.preconditions import IfMatch


@endpoint("PATCH", "/api/v1/me", errors=(Conflict,))
def change_profile(body: ProfileChange, user: CurrentUser, if_match: IfMatch, *, profiles: Profiles) -> MeView:
    """Change your profile or settings.

    A new time zone moves every alarm that follows it.
    """
    return profiles.change(user.id, body, expected=if_match.version)


aws, gcp, oci = entrypoints(change_profile)
