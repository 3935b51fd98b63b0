"""What the properties of sync are tried with: few names, few clocks and few clients, so that writes do meet."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from smartalarm.sync.canonical import canonical_json, normalized
from smartalarm.sync.clock import Stamp, unix_ms
from smartalarm.sync.merge import Entity
from smartalarm.sync.mutation import Mutation

steady: Final = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
NOW: Final = datetime(2026, 12, 1, 7, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
numbers = st.one_of(st.integers(-3, 3), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(-0.0))
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
kept_values = st.one_of(
    st.booleans(), st.integers(0, 2), st.sampled_from(["a", "b", "\U0001f600", "\uff5e"]), json_values
).map(normalized)

ms_near = st.integers(-3, 3).map(lambda ms: unix_ms(NOW) + ms)
clocks = st.builds(Stamp, ms_near, st.sampled_from([0, 1, 0xFFFF]), st.sampled_from(["a", "b", "b-2"])).map(str)
clocks_far_and_near = st.builds(
    lambda minutes, ms, counter, client: str(Stamp(unix_ms(NOW + timedelta(minutes=minutes)) + ms, counter, client)),
    st.sampled_from([-90 * 1440, -1, 0, 4, 5, 6, 7, 60, 525600]),
    st.integers(-1, 1),
    st.sampled_from([0, 1, 0xFFFF]),
    st.sampled_from(["a", "b", "b-2"]),
)
names = st.sampled_from(["label", "enabled", "tags", "deleted"])
field_sets = st.dictionaries(names, kept_values, min_size=1)


@st.composite
def entities(draw: st.DrawFn) -> Entity:
    """An entity some of whose fields are defaults."""
    fields = draw(st.dictionaries(names, kept_values))
    return Entity(fields, {name: clock for name in fields if (clock := draw(st.none() | clocks)) is not None})


mutation_lists = st.lists(st.tuples(field_sets, clocks, st.sampled_from(["one", "two"])), max_size=8).map(
    lambda drawn: [Mutation(f"m{i}", "alarm", to, fields, clock) for i, (fields, clock, to) in enumerate(drawn)]
)


def same(entity: Entity) -> tuple[str, str]:
    """An entity as text: what must be equal. In Python 1 == True."""
    return canonical_json(entity.fields), canonical_json(entity.clocks)
