"""The migration as a step of its own: the container's job and `make migrate` run it before a roll-out."""

import subprocess
import sys
from pathlib import Path

import pytest

from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.migrations import is_current
from smartalarm.hosts.migrate import main


def test_an_empty_database_gets_the_schema_and_a_migrated_one_keeps_it(tmp_path: Path) -> None:
    """As a process of its own, twice."""
    url = f"sqlite:///{tmp_path / 'smartalarm.db'}"
    for _ in range(2):
        command = [sys.executable, "-m", "smartalarm.hosts.migrate"]
        done = subprocess.run(
            command, env={"CONNECTION_STRING": url}, capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout == "The database has this version's schema.\n"
    engine = open_engine(url)
    assert is_current(engine)
    engine.close()


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"DATABASE_PROVIDER": "postgresql"}, "smartalarm: CONNECTION_STRING: is not set.\n"),
        ({"DATABASE_PROVIDER": "mongodb"}, "smartalarm: DATABASE_PROVIDER: "),
        ({"CONNECTION_STRING": "mysql://db/alarm"}, "smartalarm: CONNECTION_STRING: "),
        (
            {"DATA_DIR": "/proc/nowhere"},
            "smartalarm: CONNECTION_STRING: is not set, and DATA_DIR=/proc/nowhere is not there.\n",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(environ: dict[str, str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And the roll-out stops there."""
    assert main(environ) == 1
    said = capsys.readouterr().err
    assert said.startswith(line)
    assert said.count("\n") == 1


@pytest.mark.parametrize("rest", ["ann:hunter2", "ann:pass@word:hunter2@db/alarm", "ann:x@db:hunter2/alarm"])
def test_a_malformed_url_is_refused_without_its_password(rest: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The parser quotes what it took for a port, which may be half of a password."""
    assert main({"DATABASE_PROVIDER": "postgresql", "CONNECTION_STRING": f"postgresql://{rest}"}) == 1
    said = capsys.readouterr().err
    assert said.startswith("smartalarm: CONNECTION_STRING: this postgresql URL cannot be read; ")
    assert "hunter2" not in said
    assert said.count("\n") == 1


def test_a_database_that_does_not_answer_stops_the_roll_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Here a file that is none."""
    broken = tmp_path / "smartalarm.db"
    broken.write_bytes(b"no database, but long enough to be taken for one" * 100)
    assert main({"CONNECTION_STRING": f"sqlite:///{broken}"}) == 1
    assert capsys.readouterr().err.startswith("smartalarm: CONNECTION_STRING: ")


def test_dynamodb_has_nothing_to_migrate(capsys: pytest.CaptureFixture[str]) -> None:
    """One pipeline serves both."""
    assert main({"DATABASE_PROVIDER": "DynamoDB"}) == 0
    assert capsys.readouterr().out == "DynamoDB has no schema to migrate.\n"
