"""The merge as properties: order, doubling and repetition do not matter, and what won is what stands."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from smartalarm.sync.clock import Stamp
from smartalarm.sync.merge import Entity, apply, merge
from smartalarm.sync.mutation import Mutation
from tests.unit.sync.space import Space
from tests.unit.sync.strategies import NOW, clocks, entities, field_sets, kept_values, mutation_lists, same, steady


@steady
@given(entities(), entities())
def test_merge_is_commutative(one: Entity, other: Entity) -> None:
    """Whoever comes first."""
    assert same(merge(one, other)) == same(merge(other, one))


@steady
@given(entities(), entities(), entities())
def test_merge_is_associative(one: Entity, two: Entity, three: Entity) -> None:
    """However the writes are gathered on their way."""
    assert same(merge(merge(one, two), three)) == same(merge(one, merge(two, three)))


@steady
@given(entities(), entities())
def test_merge_is_idempotent(one: Entity, other: Entity) -> None:
    """What was seen before changes nothing."""
    assert same(one) == same(merge(one, one))
    assert same(merge(one, other)) == same(merge(merge(one, other), other))


@steady
@given(st.data(), entities(), mutation_lists)
def test_any_order_and_doubling_of_mutations_ends_the_same(data: st.DataObject, start: Entity, sent: list[Mutation]) -> None:
    """In one push or one by one, with some sent twice under new ids."""
    spaces = [Space({("alarm", "one"): start}) for _ in range(2)]
    spaces[0].push(sent, NOW)
    doubled = sent + [
        Mutation(f"{m.id}-again", m.kind, m.entity_id, m.fields, m.clock) for m in sent if data.draw(st.booleans())
    ]
    for mutation in data.draw(st.permutations(doubled)):
        spaces[1].push([mutation], NOW)
    first, second = ({key: same(entity) for key, entity in space.entities.items()} for space in spaces)
    assert first == second


@steady
@given(entities(), field_sets, clocks)
def test_the_outcome_tells_how_many_fields_stand(start: Entity, written: dict[str, Any], clock: str) -> None:
    """All, some or none; and each that won stands with its clock, each that lost stands as it was."""
    done = apply(start, written, clock)
    assert {"applied": len(written), "superseded": 0}.get(done.outcome, len(done.won)) == len(done.won)
    assert (done.outcome == "merged") == (0 < len(done.won) < len(written))
    for name, new in written.items():
        held = done.entity if name in done.won else start
        value, held_at = (new, clock) if name in done.won else (start.fields[name], start.clocks[name])
        assert same(Entity({name: value}, {name: held_at})) == same(
            Entity({name: held.fields[name]}, {name: held.clocks[name]})
        )


@steady
@given(entities(), field_sets, clocks)
def test_nothing_is_to_be_stored_exactly_when_nothing_changed(start: Entity, written: dict[str, Any], clock: str) -> None:
    """So a superseded mutation raises neither version nor seq."""
    done = apply(start, written, clock)
    assert (same(start) != same(done.entity)) == done.is_changed
    assert not (done.outcome == "superseded" and done.is_changed)
    again = apply(done.entity, written, clock)
    assert (done.outcome, done.won, False) == (again.outcome, again.won, again.is_changed)


@steady
@given(entities(), field_sets, clocks)
def test_the_entities_given_are_not_changed(start: Entity, written: dict[str, Any], clock: str) -> None:
    """A caller may go on using what it had."""
    before = same(start)
    apply(start, written, clock)
    assert before == same(start)


@steady
@given(st.dictionaries(st.just("label"), kept_values, min_size=1), kept_values, clocks)
def test_any_write_beats_a_default(default: dict[str, Any], value: Any, clock: str) -> None:
    """However small its value."""
    done = apply(Entity(default), {"label": value}, clock)
    assert (done.outcome, done.is_changed) == ("applied", True)
    assert same(Entity({"label": value}, {"label": clock})) == same(done.entity)


@steady
@given(entities(), field_sets.filter(lambda fields: "deleted" not in fields), clocks)
def test_only_a_write_of_deleted_brings_back(start: Entity, written: dict[str, Any], clock: str) -> None:
    """An edit of something deleted is kept, and it stays deleted."""
    done = apply(start, written, clock)
    assert start.is_deleted == done.entity.is_deleted
    assert written.keys() <= done.entity.fields.keys()


def test_a_tombstone_keeps_its_fields_and_clocks() -> None:
    """So a later `deleted: false` finds everything as it was left."""
    clock = str(Stamp(1, 0, "a"))
    later = str(Stamp(2, 0, "b"))
    alive = Entity({"label": "Work", "deleted": False}, {"label": clock, "deleted": clock})
    dead = apply(alive, {"deleted": True}, later).entity
    assert Entity({"label": "Work", "deleted": True}, {"label": clock, "deleted": later}) == dead
    assert dead.is_deleted
    revived = apply(dead, {"deleted": False}, str(Stamp(3, 0, "a"))).entity
    assert (revived.is_deleted, revived.fields["label"]) == (False, "Work")


def test_the_greatest_clock_is_the_latest_of_all_fields() -> None:
    """And there is none where all are defaults."""
    early, late = str(Stamp(1, 0xFFFF, "z")), str(Stamp(2, 0, "a"))
    assert late == Entity({"a": 1, "b": 2, "c": 3}, {"a": early, "b": late}).greatest_clock
    assert Entity({"a": 1}).greatest_clock is None


def test_very_long_texts_at_one_clock_are_compared_to_their_end() -> None:
    """How long a value may be is its kind's business, not the merge's."""
    clock = str(Stamp(1, 0, "a"))
    shared = "long " * 50_000
    done = apply(Entity({"instructions": shared + "a"}, {"instructions": clock}), {"instructions": shared + "b"}, clock)
    assert (shared + "b", "applied") == (done.entity.fields["instructions"], done.outcome)
