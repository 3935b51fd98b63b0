"""GET /api/v1/occurrences/{id}: one occurrence with its ledger: why did it (not) ring?"""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.ringing.answers import Answers
from smartalarm.ringing.occurrence import OccurrenceWithLedger
from smartalarm.text import OccurrenceIdText


@endpoint("GET", "/api/v1/occurrences/{occurrence_id}")
def get_occurrence(occurrence_id: OccurrenceIdText, user: CurrentUser, *, answers: Answers) -> OccurrenceWithLedger:
    """Show an occurrence and its ledger."""
    return OccurrenceWithLedger.of(answers.occurrence(user.id, occurrence_id))


aws, gcp, oci = entrypoints(get_occurrence)
