"""What a push service's answer means (RFC 8030, sections 5 and 7.3), in words for the ledger: no endpoint, no secret."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from smartalarm.adapters.exchange import Answer
from smartalarm.ports import PushResult

LONGEST_WAIT_SECONDS = 86_400.0
_ACCEPTED = {200, 201, 202, 204}
_GONE = {404, 410}
_RETRY = {408, 425, 429}


def to_result(host: str, answer: Answer, at: datetime) -> PushResult:
    """The result that came at an instant."""
    status = answer.status
    if status is None:
        return PushResult("refused" if answer.is_refused else "retry", None, at, f"{host} {answer.problem}")
    if status in _ACCEPTED:
        return PushResult("accepted", status, at, f"{host} took it")
    if status in _GONE:
        return PushResult("gone", status, at, f"{host} does not know the subscription any more ({status})")
    if status in _RETRY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        waits = to_seconds(answer.retry_after, at)
        words = "asks us to slow down" if status == HTTPStatus.TOO_MANY_REQUESTS else "could not take it now"
        return PushResult("retry", status, at, f"{host} {words} ({status})", waits)
    words = "wants it posted elsewhere, which we never follow" if status in range(300, 400) else "refused it"
    return PushResult("refused", status, at, f"{host} {words} ({status})")


def to_seconds(retry_after: str | None, at: datetime) -> float | None:
    """Retry-After (RFC 9110, 10.2.3), seconds or an HTTP date, as seconds from `at`; at most a day. None: unreadable."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_SECONDS)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # An HTTP date is in GMT, whatever a sloppy sender leaves out.
    seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    return min(max(seconds.total_seconds(), 0.0), LONGEST_WAIT_SECONDS)
