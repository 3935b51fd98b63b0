"""What the README says is true: its calls work, its commands, files and folders exist."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.stage import API, Stage

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PACKAGE = ROOT / "layers/domain/python/smartalarm"
CALLS = re.findall(r"^curl (?:.*\\\n)*.*$", README, re.MULTILINE)
COMMANDS = sorted(set(re.findall(r"\bmake ([a-z][a-z0-9]*(?:-[a-z0-9]+)*)", README)))
PATHS = sorted(set(re.findall(r"`([A-Za-z_0-9./-]+(?:\.py|\.md|\.tsx?|/))`", README)))
MADE_BY_COMMANDS = {".data/", "dist/"}


def test_the_readmes_calls_can_be_made_one_after_the_other() -> None:
    """Each curl is sent to the product as it stands there, with the token that the first one gave."""
    stage = Stage()
    assert len(CALLS) == 2
    for call in CALLS:
        words = shlex.split(call.replace("\\\n", " "))
        path = next(word for word in words if word.startswith("localhost:8080")).removeprefix(f"localhost:8080{API}")
        made = stage.call("POST", path, json.loads(words[words.index("-d") + 1]), status=201)
        if "access_token" in made:
            stage.use_token(made["access_token"])
    assert stage.call("GET", "/alarms")["items"] == [made]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_it_names_exists(command: str) -> None:
    """And stands in `make help`, with the reason for it."""
    assert re.search(rf"^{command}:.* ## \S", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", re.findall(r"^([a-z0-9-]+):.*## ", MAKEFILE, re.MULTILINE))
def test_every_script_that_a_command_runs_exists(command: str) -> None:
    """A target whose file is missing would fail only when somebody needs it."""
    recipe = re.search(rf"^{command}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    for script in re.findall(r"(?:scripts|tests)/[a-z_/]+\.py", recipe[1]):
        assert (ROOT / script).is_file()


@pytest.mark.parametrize("path", sorted(MADE_BY_COMMANDS))
def test_what_its_commands_make_is_named_and_ignored_by_git(path: str) -> None:
    """A fresh clone has none of it."""
    assert path in README
    assert path in (ROOT / ".gitignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", [path for path in PATHS if path not in MADE_BY_COMMANDS])
def test_every_path_it_names_exists(path: str) -> None:
    """Below the root, the package or tests/, wherever the text has just been."""
    folders = (
        ROOT,
        PACKAGE,
        PACKAGE.parent,
        ROOT / "tests",
        ROOT / "frontend",
        ROOT / "frontend/src",
        PACKAGE / "hosts",
        PACKAGE / "adapters",
        ROOT / "functions/get_alarm",
    )
    assert any((folder / path).exists() for folder in folders)
