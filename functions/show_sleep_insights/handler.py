"""GET /api/v1/sleep/insights: patterns over the recorded nights, each with the number of nights behind it."""

from typing import Annotated

from pydantic import Field

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import NotFound
from smartalarm.function import endpoint, entrypoints
from smartalarm.paging import InDigits
from smartalarm.sleep.insight_views import InsightsView
from smartalarm.sleep.insights import SleepInsights


@endpoint("GET", "/api/v1/sleep/insights", errors=(NotFound,))
def show_sleep_insights(
    user: CurrentUser,
    days: Annotated[int, Field(ge=7, le=90, description="How many days to look back on."), InDigits] = 30,
    *,
    insights: SleepInsights,
) -> InsightsView:
    """Show patterns over your nights.

    Each figure says how many nights it rests on, or how many more it needs. 404 where ML_ENABLED is false.
    """
    return insights.over(user.id, days)


aws, gcp, oci = entrypoints(show_sleep_insights)
