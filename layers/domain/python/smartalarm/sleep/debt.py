"""Sleep debt: what the recorded nights of the last two weeks lack of the person's own goal.

Short sleep adds up over days (H. P. A. Van Dongen et al., SLEEP 26:117, 2003, fourteen days of it), and a longer night makes
good what shorter ones left. The goal is the person's own, so this is arithmetic and no judgement. A night without a record
counts neither way.
"""

from collections.abc import Sequence
from typing import Final

DEBT_DAYS: Final = 14


def sleep_debt(slept_minutes: Sequence[float], goal_minutes: float) -> float:
    """Minutes that all these days together lack of the goal; 0 when they reach it. Naps belong to their day."""
    return max(0.0, goal_minutes * len(slept_minutes) - sum(slept_minutes))
