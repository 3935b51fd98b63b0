"""GET /api/v1/sleep/recommendations: what could help, and the figures it rests on."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import NotFound
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.recommendation_views import Recommendations
from smartalarm.sleep.recommendations import SleepRecommendations


@endpoint("GET", "/api/v1/sleep/recommendations", errors=(NotFound,))
def list_recommendations(user: CurrentUser, *, recommendations: SleepRecommendations) -> Recommendations:
    """List what could help you sleep, at most three things.

    What was accepted comes first. 404 where ML_ENABLED is false.
    """
    return recommendations.current(user.id)


aws, gcp, oci = entrypoints(list_recommendations)
