"""POST /api/v1/occurrences/{id}/ack: report that a device showed or sounded it; a session or the push message's token."""

from smartalarm.accounts.access import Answerer
from smartalarm.errors import Conflict, Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.answering import Acknowledgement
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import OccurrenceView
from smartalarm.text import OccurrenceIdText


@endpoint("POST", "/api/v1/occurrences/{occurrence_id}/ack", errors=(Conflict, Forbidden))
def acknowledge_occurrence(
    occurrence_id: OccurrenceIdText, who: Answerer, body: Acknowledgement, *, answers: Answers
) -> OccurrenceView:
    """Report that a device showed or sounded a ring."""
    who.check(occurrence_id)
    after = answers.acknowledge(who.user_id, occurrence_id, body.event, body.device_id or who.device_id, body.at)
    return OccurrenceView.of(after)


aws, gcp, oci = entrypoints(acknowledge_occurrence)
