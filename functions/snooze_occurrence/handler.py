"""POST /api/v1/occurrences/{id}/snooze: snooze a ring; a session or the push message's token."""

from smartalarm.accounts.access import Answerer
from smartalarm.errors import Conflict, Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.answering import SnoozeAnswer
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import OccurrenceView
from smartalarm.text import OccurrenceIdText


@endpoint("POST", "/api/v1/occurrences/{occurrence_id}/snooze", errors=(Conflict, Forbidden))
def snooze_occurrence(
    occurrence_id: OccurrenceIdText, who: Answerer, body: SnoozeAnswer = SnoozeAnswer(), *, answers: Answers
) -> OccurrenceView:
    """Snooze a ring."""
    who.check(occurrence_id)
    after = answers.snooze(who.user_id, occurrence_id, body.minutes, body.device_id or who.device_id)
    return OccurrenceView.of(after)


aws, gcp, oci = entrypoints(snooze_occurrence)
