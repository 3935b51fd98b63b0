"""Who may start a scheduled job over HTTP: the bearer of a token that we signed for that very job, or Google's scheduler.

AWS needs none: its scheduler invokes the function directly. Oracle's, or any cron, sends a token of ours; Google's sends
an ID token of the service account that TICK_EMAIL names.
"""

import json
from datetime import datetime
from typing import Final

from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.http import Request
from smartalarm.ports import SchedulerTokens, Signer

TICK_HEADER: Final = "x-tick-token"
_USE: Final = "tick"


def sign_tick(job: str, signer: Signer, *, now: datetime, lifetime_seconds: int) -> str:
    """The token that a scheduler must send to start `job`, in the header `x-tick-token` or as {"tick_token": ...}."""
    return signer.sign({"use": _USE, "sub": job}, now=now, lifetime_seconds=lifetime_seconds)


def check_tick(
    job: str, request: Request, signer: Signer, *, now: datetime, scheduler: SchedulerTokens | None = None
) -> None:
    """Raises Unauthenticated without a valid token, Forbidden for one that was signed for something else.

    `scheduler` checks the bearer token of a request without a token of ours; None where no such scheduler is known.
    """
    token = request.headers.get(TICK_HEADER) or _token_in_body(request.body)
    if not token and request.bearer and scheduler is not None:
        scheduler.check(request.bearer, now=now)
        return
    if not token:
        raise Unauthenticated("Only the scheduler may start this job.")
    claims = signer.verify(token, now=now)
    if claims.get("use") != _USE or claims.get("sub") != job:
        raise Forbidden("This token does not start this job.")


def _token_in_body(body: bytes) -> str:
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested absurdly deep
        return ""
    token = content.get("tick_token") if isinstance(content, dict) else None
    return token if isinstance(token, str) else ""
