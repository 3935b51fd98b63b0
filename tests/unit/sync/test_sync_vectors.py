"""The vectors in tests/vectors/sync: the TypeScript side replays the same files."""

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smartalarm.sync.canonical import NotCanonical, canonical_json, utf16_key
from smartalarm.sync.clock import Stamp, clamp_all, tick
from smartalarm.sync.kinds import READ_ONLY, WRITABLE
from smartalarm.sync.merge import Entity
from smartalarm.sync.mutation import Mutation
from tests.unit.sync.space import Space

FOLDER = Path(__file__).parents[2] / "vectors" / "sync"
FILES = {path.stem: json.loads(path.read_text("utf-8"))["cases"] for path in sorted(FOLDER.glob("*.json"))}
SCENARIOS = [(f"{name}: {case['name']}", case) for name, cases in FILES.items() for case in cases if "pushes" in case]


def cases_of(name: str) -> pytest.MarkDecorator:
    """One test per case of a file."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in FILES[name]])


def to_mutation(item: Any) -> Mutation:
    """A mutation of a vector, which may be there as its JSON text."""
    return Mutation(**(json.loads(item) if isinstance(item, str) else item))


def to_space(case: dict[str, Any]) -> Space:
    """The server at the start of a scenario."""
    return Space({(e["kind"], e["id"]): Entity(e["fields"], e["clocks"]) for e in case.get("entities", [])})


def play(case: dict[str, Any], mutations: list[Any]) -> tuple[list[Any], list[Any]]:
    """The outcomes and the entities after the case's pushes, filled with these mutations in this order."""
    space, left = to_space(case), iter(mutations)
    outcomes = []
    for push in case["pushes"]:
        sent = [to_mutation(next(left)) for _ in push["mutations"]]
        outcomes.append(space.push(sent, datetime.fromisoformat(push["now"])))
    return outcomes, space.snapshot()


def sent_in(case: dict[str, Any]) -> list[Any]:
    """All mutations of a scenario, in order."""
    return [mutation for push in case["pushes"] for mutation in push["mutations"]]


def text(value: Any) -> str:
    """JSON as text, so that 1 is not True and 0.0 not 0."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in SCENARIOS])
def test_a_scenario_ends_as_brute_force_found(case: dict[str, Any]) -> None:
    """Every outcome of every push, and all entities at the end."""
    outcomes, entities = play(case, sent_in(case))
    assert text(case["expect"]["outcomes"]) == text(outcomes)
    assert text(case["expect"]["entities"]) == text(entities)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in SCENARIOS if case["expect"]["any_order"]])
def test_any_order_of_a_scenario_ends_the_same(case: dict[str, Any]) -> None:
    """Backwards, and a few times shuffled."""
    orders = [sent_in(case)[::-1]]
    orders += [random.Random(seed).sample(orders[0], len(orders[0])) for seed in range(5)]  # noqa: S311  an order, not a secret
    for order in orders:
        assert text(case["expect"]["entities"]) == text(play(case, order)[1])


@cases_of("canonical")
def test_a_text_is_canonical_as_brute_force_found(case: dict[str, Any]) -> None:
    """Or is refused; and the canonical text stays as it is."""
    value = json.loads(case["text"])
    if case["expect"] is None:
        with pytest.raises(NotCanonical):
            canonical_json(value)
        return
    assert case["expect"] == canonical_json(value)
    assert case["expect"] == canonical_json(json.loads(case["expect"]))


@cases_of("values")
def test_the_greater_value_is_the_one_that_brute_force_found(case: dict[str, Any]) -> None:
    """By the UTF-16 code units of the canonical text."""
    one, other = (utf16_key(canonical_json(json.loads(case[side]))) for side in ("one", "other"))
    assert case["expect"] == ("same" if one == other else "one" if one > other else "other")


@cases_of("clock-texts")
def test_only_a_clock_is_read_as_one(case: dict[str, Any]) -> None:
    """And written again it is the same text."""
    if case["expect"] is None:
        with pytest.raises(ValueError, match="clock"):
            Stamp.parse(case["text"])
        return
    assert Stamp(**case["expect"]) == Stamp.parse(case["text"])
    assert case["text"] == str(Stamp(**case["expect"]))


@cases_of("ticks")
def test_a_tick_is_the_next_clock(case: dict[str, Any]) -> None:
    """At now, or right after what was seen."""
    assert case["expect"] == tick(case["client_id"], now=datetime.fromisoformat(case["now"]), seen=case["seen"])


@cases_of("clamps")
def test_clocks_too_far_ahead_are_clamped(case: dict[str, Any]) -> None:
    """And no others."""
    assert case["expect"] == list(clamp_all(case["clocks"], now=datetime.fromisoformat(case["now"]), seen=case["seen"]))


@cases_of("kinds")
def test_a_kind_has_the_fields_that_both_sides_give_it(case: dict[str, Any]) -> None:
    """Of each that is writable; the TypeScript side holds its own list to the same file."""
    if isinstance(case["expect"], str):
        assert case["kind"] not in WRITABLE
        assert (case["expect"] == "read_only") == (case["kind"] in READ_ONLY)
        return
    assert case["expect"] == sorted(WRITABLE[case["kind"]])


def test_the_file_of_kinds_names_every_kind() -> None:
    """A new one must be told to the other side."""
    known = {case["kind"] for case in FILES["kinds"] if case["expect"] != "unknown"}
    assert known == WRITABLE.keys() | READ_ONLY


def test_there_are_vectors_enough() -> None:
    """A lost file must not pass as a green run."""
    assert len(SCENARIOS) >= 100
    assert sum(map(len, FILES.values())) >= 280
