"""POST /api/v1/occurrences/{id}/dismiss: dismiss a ring for good; a session or the push message's token."""

from smartalarm.accounts.access import Answerer
from smartalarm.errors import Conflict, Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.answering import DismissAnswer
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import OccurrenceView
from smartalarm.text import OccurrenceIdText


@endpoint("POST", "/api/v1/occurrences/{occurrence_id}/dismiss", errors=(Conflict, Forbidden))
def dismiss_occurrence(
    occurrence_id: OccurrenceIdText, who: Answerer, body: DismissAnswer = DismissAnswer(), *, answers: Answers
) -> OccurrenceView:
    """Dismiss a ring for good."""
    who.check(occurrence_id)
    after = answers.dismiss(who.user_id, occurrence_id, body.device_id or who.device_id)
    return OccurrenceView.of(after)


aws, gcp, oci = entrypoints(dismiss_occurrence)
