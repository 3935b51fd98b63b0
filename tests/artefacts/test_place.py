"""Where a build goes: it replaces an earlier build, and never anything else."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD_SECONDS = 60


def build_into(into: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The sources for Google, which need no wheels, or what `options` say."""
    command = [sys.executable, str(ROOT / "scripts/build.py"), "--cloud", "gcp", "--into", str(into), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)


def test_a_new_an_empty_and_an_earlier_build_s_folder_are_taken(tmp_path: Path) -> None:
    """Twice into the same place, which is empty the first time; nothing is left beside it."""
    into = tmp_path / "built"
    into.mkdir()
    for _ in range(2):
        done = build_into(into)
        assert (done.returncode, done.stderr) == (0, "")
    assert (into / "create_alarm" / "main.py").is_file()
    assert [into] == list(tmp_path.iterdir())


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """Named by mistake, as `--into .` is, it may be all somebody has."""
    (tmp_path / "home" / "functions").mkdir(parents=True)
    (tmp_path / "home" / "letters.txt").write_text("dear")
    for cloud in ("aws", "gcp", "oci"):
        done = build_into(tmp_path / "home", "--cloud", cloud)
        line = f"build: --into {tmp_path}/home: is there and was not built here; name a new or an empty folder\n"
        assert (1, line) == (done.returncode, done.stderr)
    assert (tmp_path / "home" / "letters.txt").read_text() == "dear"


def test_a_file_is_left_alone(tmp_path: Path) -> None:
    """A build is a folder, so a file is never one."""
    (tmp_path / "names").write_text("ann")
    done = build_into(tmp_path / "names")
    assert done.returncode == 1
    assert "was not built here" in done.stderr
    assert (tmp_path / "names").read_text() == "ann"


def test_a_place_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    """Below a file nothing can be made."""
    (tmp_path / "names").write_text("ann")
    done = build_into(tmp_path / "names" / "built" / "here")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "name a folder that can be written" in done.stderr
