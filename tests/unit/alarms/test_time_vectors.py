"""The vectors in tests/vectors/time: the TypeScript side replays the same files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from smartalarm.alarms.preview import preview
from smartalarm.alarms.rule import RuleError
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.zones import TZDATA_VERSION, zone

FOLDER = Path(__file__).parents[2] / "vectors" / "time"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CASES = [(f"{name}: {case['name']}", case) for name, vectors in FILES.items() for case in vectors["cases"]]


def parametrized(kind: str) -> pytest.MarkDecorator:
    """One test per case that has that field."""
    chosen = [pytest.param(case, id=name) for name, case in CASES if kind in case]
    return pytest.mark.parametrize("case", chosen)


@parametrized("expect")
def test_a_preview_is_what_brute_force_found(case: dict[str, Any]) -> None:
    """Instants and local times of every vector, through JSON both ways."""
    schedule = Schedule.model_validate_json(json.dumps(case["schedule"]), strict=True)
    items = preview("a", schedule, zone(case["time_zone"]), datetime.fromisoformat(case["from"]), case["count"])
    shown = [item.model_dump(mode="json") for item in items]
    assert case["expect"] == [{"at": item["at"], "local": item["local"]} for item in shown]


@parametrized("error")
def test_an_invalid_case_is_refused_where_it_is_wrong(case: dict[str, Any]) -> None:
    """The field at fault, and of a rule the part."""
    if case["error"]["field"] == "time_zone":
        with pytest.raises(ValueError, match="not an IANA time zone name"):
            zone(case["time_zone"])
        return
    with pytest.raises(ValidationError) as caught:
        Schedule.model_validate_json(json.dumps(case["schedule"]), strict=True)
    (found,) = caught.value.errors()
    cause = found.get("ctx", {}).get("error")
    part = cause.part if isinstance(cause, RuleError) else None
    assert case["error"] == {"field": found["loc"][0], "part": part}


@pytest.mark.parametrize("name", FILES)
def test_the_vectors_were_made_with_the_pinned_zone_data(name: str) -> None:
    """A new tzdata release changes what alarms do: it must be seen, not slip in."""
    made_with = FILES[name]["tzdata"]
    assert made_with == TZDATA_VERSION, "tzdata changed: run `python scripts/time_vectors.py` and read the difference"


def test_there_are_vectors_enough() -> None:
    """A lost file must not pass as a green run."""
    assert len(CASES) >= 836
