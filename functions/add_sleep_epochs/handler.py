"""POST /api/v1/sleep/sessions/{id}/epochs: some epochs of a night that is being recorded."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Conflict, Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.recorder import SleepRecorder
from smartalarm.sleep.session_views import EpochsTaken, SleepEpochs


@endpoint("POST", "/api/v1/sleep/sessions/{session_id}/epochs", errors=(Conflict, Forbidden))
def add_sleep_epochs(session_id: str, body: SleepEpochs, user: CurrentUser, *, recorder: SleepRecorder) -> EpochsTaken:
    """Add epochs to a night.

    Batches may come again, late and out of order: an epoch that is there stays as it is, and only a reading that was missing
    is filled in. After the end they open the night again, until it is finished anew.
    """
    return recorder.add(user.id, session_id.lower(), body)


aws, gcp, oci = entrypoints(add_sleep_epochs)
