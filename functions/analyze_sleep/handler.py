"""POST /api/v1/sleep/analyze: the stages and figures of one recording; nothing is stored."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.errors import NotFound
from smartalarm.function import endpoint, entrypoints
from smartalarm.sleep.analysis import Analysis, SleepAnalysis, SleepRecording


@endpoint("POST", "/api/v1/sleep/analyze", errors=(NotFound,), memory_mb=1024)
def analyze_sleep(body: SleepRecording, user: CurrentUser, *, sleep: SleepAnalysis) -> Analysis:
    """Analyze one recording of sleep; nothing of it is stored.

    404 where ML_ENABLED is false.
    """
    return sleep.analyze(body)


aws, gcp, oci = entrypoints(analyze_sleep)
