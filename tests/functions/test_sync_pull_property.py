"""A client that only follows the changes knows what one knows that pulls everything, whatever happened in between."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.living import Life


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 40))
def test_a_pull_from_any_cursor_ends_where_a_pull_from_nothing_does(seed: int, steps: int) -> None:
    """Edits by REST and offline ones, skips, journeys, rings, time passing, pages of any size, pulls that break off."""
    life = Life(seed)
    for _ in range(steps):
        life.step()
    life.check()
