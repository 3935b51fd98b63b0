"""When the other devices are told of one that stopped answering: the evening before the next ring."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from smartalarm.alarms.plan import RING
from smartalarm.ports import Timer
from smartalarm.ringing.timers import REPORT

EVENING: Final = timedelta(hours=12)
"""So long before the next ring it is told that a device stopped answering: there is time to charge a phone."""
SOONEST: Final = timedelta(minutes=10)
"""Never sooner: far enough ahead for the sweep to find it, so whoever sets it need not see to it."""


def report_timer(user: str, device_id: str, due_at: datetime, now: datetime) -> Timer:
    """Report the device then. There is one for each device: found again, it is moved."""
    return Timer(f"report:{device_id}", user, due_at, REPORT, device_id, 0, now)


def evening_before(timers: Sequence[Timer], now: datetime) -> datetime:
    """Twelve hours before the next ring, or soon; without a ring to come, in twelve hours."""
    coming = min((timer.due_at for timer in timers if timer.purpose == RING and timer.due_at > now), default=None)
    return now + EVENING if coming is None else max(now + SOONEST, coming - EVENING)
