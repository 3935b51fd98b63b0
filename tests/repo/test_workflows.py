"""The pipeline: it runs what people run, holds no keys, trusts nothing that can be moved under it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github" / "workflows").glob("*.yml")}
MAKEFILE = (ROOT / "Makefile").read_text()


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job.get("steps", [])]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit(name: str) -> None:
    """A tag can be moved to other code; a commit cannot."""
    used = [step["uses"] for step in steps(WORKFLOWS[name]) if "uses" in step]
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_run_may_read_and_say_who_it_is_and_nothing_else(name: str) -> None:
    """AWS takes that instead of keys, so there are no secrets to steal."""
    workflow = WORKFLOWS[name]
    granted = [workflow["permissions"], *(job["permissions"] for job in workflow["jobs"].values() if "permissions" in job)]
    assert all(given.items() <= {"contents": "read", "id-token": "write"}.items() for given in granted)
    assert "secrets." not in (ROOT / ".github" / "workflows" / name).read_text()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_runs_is_what_people_run(name: str) -> None:
    """Make's own targets; the app's build is npm's."""
    for step in steps(WORKFLOWS[name]):
        for command in step["run"].split("&&") if "run" in step else []:
            words = command.split()
            assert words[0] in {"make", "npm"}
            if words[0] == "make":
                assert re.search(rf"^{words[1]}:.*##", MAKEFILE, re.MULTILINE)


def test_production_comes_after_staging_and_one_deployment_after_another() -> None:
    """And after a person's approval, which GitHub asks for by the environment's name."""
    jobs = WORKFLOWS["deploy.yml"]["jobs"]
    assert jobs["staging"]["needs"] == "verify"
    assert jobs["production"]["needs"] == ["verify", "staging"]
    assert [jobs[name]["with"]["environment"] for name in ("staging", "production")] == ["staging", "production"]
    assert WORKFLOWS["deploy-stage.yml"]["concurrency"]["cancel-in-progress"] is False
