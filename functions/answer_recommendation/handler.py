"""PUT /api/v1/sleep/recommendations/{id}/feedback: accept or dismiss a recommendation, or take that back."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import Forbidden
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.recommendation_views import FeedbackView, NewFeedback
from smartalarm.sleep.recommendations import SleepRecommendations


@endpoint("PUT", "/api/v1/sleep/recommendations/{recommendation_id}/feedback", errors=(Forbidden,))
def answer_recommendation(
    recommendation_id: str, body: NewFeedback, user: CurrentUser, *, recommendations: SleepRecommendations
) -> FeedbackView:
    """Answer a recommendation.

    One that is dismissed stays away for 30 days; one that is accepted is shown with how its figure changes.
    """
    return recommendations.answer(user.id, recommendation_id, body)


aws, gcp, oci = entrypoints(answer_recommendation)
