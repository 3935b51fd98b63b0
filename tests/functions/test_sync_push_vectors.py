"""The vectors in tests/vectors/sync, pushed through the front door: every scenario ends as brute force found."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.ports import Commit, Key
from smartalarm.sync.canonical import canonical_json
from smartalarm.sync.merge import Entity
from smartalarm.sync.mutation import Mutation, Rejection, admit
from smartalarm.sync.stored import entity_to_put
from smartalarm.sync.values import with_checked_values
from tests.functions.pushing import push_raw, written
from tests.stage import Stage

FOLDER = Path(__file__).parents[1] / "vectors" / "sync"
SCENARIOS = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))["cases"]
    if "pushes" in case
]


def to_text(mutation: Any) -> str:
    """A vector has a mutation as JSON, or as the text of it where JSON would not carry it."""
    return mutation if isinstance(mutation, str) else json.dumps(mutation)


def is_known_to_its_model(mutation: Any, now: datetime) -> bool:
    """The vectors know the merge alone; a kind's model may refuse more, and answers are no entities."""
    admitted = admit(Mutation(**json.loads(to_text(mutation))), now=now)
    if isinstance(admitted, Rejection):
        return True
    return admitted.kind != "answer" and isinstance(with_checked_values(admitted), Mutation)


def as_told(outcome: dict[str, Any]) -> dict[str, Any]:
    """Half a character is told as the replacement character."""
    return {name: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for name, text in outcome.items()}


@pytest.mark.parametrize("case", SCENARIOS)
def test_a_scenario_ends_through_the_front_door_as_brute_force_found(case: dict[str, Any]) -> None:
    """Every outcome of every push, and all that was written of every entity."""
    nows = [datetime.fromisoformat(sent["now"]) for sent in case["pushes"]]
    stage = Stage()
    stage.clock.instant = nows[0]
    user = stage.sign_up()
    store = stage.injector.get(ports.Store)
    for start in case.get("entities", []):
        known = Entity(start["fields"], start["clocks"])
        put = entity_to_put(
            start["kind"],
            start["id"],
            known,
            {"created_at": case["pushes"][0]["now"], "updated_at": case["pushes"][0]["now"]},
            expected=0,
            now=nows[0],
        )
        store.commit(Commit(user, nows[0], writes=(put,)))
    left_out = set()
    for now, sent, expected in zip(nows, case["pushes"], case["expect"]["outcomes"], strict=True):
        stage.clock.instant = now
        stage.sign_in("ann@example.org")
        known_ones = [mutation for mutation in sent["mutations"] if is_known_to_its_model(mutation, now)]
        left_out |= {json.loads(to_text(m))["id"] for m in sent["mutations"] if m not in known_ones}
        outcomes = push_raw(stage, *map(to_text, known_ones))
        assert [as_told(outcome) for outcome in expected if outcome["id"] not in left_out] == outcomes
    if left_out:
        return
    for end in case["expect"]["entities"]:
        document = store.read([key := Key(user, end["kind"], end["id"])])[key]
        expected_fields = {name: value for name, value in end["fields"].items() if name in end["clocks"]}
        assert canonical_json(expected_fields) == canonical_json(written(document).fields)
        assert end["clocks"] == written(document).clocks


def test_hardly_a_scenario_is_left_out() -> None:
    """Only those whose values a model refuses, or which answer rings."""
    whole = 0
    for scenario in SCENARIOS:
        case: Any = scenario.values[0]
        whole += all(
            is_known_to_its_model(mutation, datetime.fromisoformat(sent["now"]))
            for sent in case["pushes"]
            for mutation in sent["mutations"]
        )
    assert (len(SCENARIOS), whole) >= (151, 140)
