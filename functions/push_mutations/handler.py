"""POST /api/v1/sync/push: merge what a client wrote while it was, or was not, online."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.sync.push import Push
from smartalarm.sync.push_body import PushAnswer, PushBody


@endpoint("POST", "/api/v1/sync/push", timeout_seconds=29)
def push_mutations(body: PushBody, user: CurrentUser, *, push: Push) -> PushAnswer:
    """Push mutations.

    Each is answered for itself, in order; one that was answered before is answered the same again.
    """
    return push.push(user.id, body)


aws, gcp, oci = entrypoints(push_mutations)
