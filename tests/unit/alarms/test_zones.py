"""Zones come from the pinned package alone, under IANA's own names."""

import os
import re
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from smartalarm.alarms.zones import TZDATA_VERSION, ZONE_NAMES, ZoneName, local_to_instant, zone


def test_the_systems_zone_files_are_out_of_reach() -> None:
    """Importing the module is enough."""
    assert zoneinfo.TZPATH == ()


def test_the_version_is_that_of_the_installed_package() -> None:
    """2026.6 is 2026f."""
    year, number = version("tzdata").split(".")[:2]
    assert f"{year}{'abcdefghijklmnop'[int(number) - 1]}" == TZDATA_VERSION


def test_a_tampered_system_zone_changes_nothing_even_when_it_was_loaded_before(tmp_path: Path) -> None:
    """A machine where Madrid's file holds UTC, and somebody who loaded it first."""
    utc = files("tzdata").joinpath("zoneinfo", "UTC").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Madrid").write_bytes(utc)
    program = (
        "from datetime import datetime; from zoneinfo import ZoneInfo;"
        "tampered = ZoneInfo('Europe/Madrid'); from smartalarm.alarms.zones import zone;"
        "moment = datetime(2026, 12, 1);"
        "print(moment.replace(tzinfo=tampered).utcoffset(), moment.replace(tzinfo=zone('Europe/Madrid')).utcoffset())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout == "0:00:00 1:00:00\n"


def test_every_name_of_the_list_loads() -> None:
    """The links too."""
    assert {zone(name).key for name in ZONE_NAMES} == ZONE_NAMES
    assert {"Europe/Madrid", "US/Eastern", "Etc/GMT+12", "UTC"} < ZONE_NAMES


@pytest.mark.parametrize(
    "name",
    [
        "",
        "europe/madrid",
        "EUROPE/MADRID",
        "Europe/Madrid/",
        "/Europe/Madrid",
        "../Europe/Madrid",
        "Europe/../Europe/Madrid",
        "./UTC",
        "Europe",
        "localtime",
        "posixrules",
        "Factory",
        "tzdata.zi",
        "zone.tab",
        "__init__.py",
        "utc",
        "CET-1CEST",
        "+01:00",
        "Europe/Madrid\0",
        "Europe/Madrid\n",
        " Europe/Madrid",
        "Europe\\Madrid",
        "right/UTC",
        "posix/UTC",
        "Mars/Base",
    ],
)
def test_a_name_that_is_not_ianas_is_refused(name: str) -> None:
    """Paths, other spellings, files of a system, offsets."""
    with pytest.raises(ValueError, match=r"^not an IANA time zone name$"):
        zone(name)


def test_the_field_type_takes_names_and_refuses_the_rest_in_plain_words() -> None:
    """Used by alarms and profiles."""
    field = TypeAdapter(ZoneName)
    assert field.validate_python("Asia/Kathmandu") == "Asia/Kathmandu"
    with pytest.raises(ValidationError, match="not an IANA time zone name"):
        field.validate_python("asia/kathmandu")
    with pytest.raises(ValidationError):
        field.validate_python(7)
    assert field.json_schema()["type"] == "string"


@pytest.mark.parametrize(
    ("name", "wall", "instant"),
    [
        ("Europe/Madrid", "2027-03-28T01:59:59", "2027-03-28T00:59:59Z"),
        ("Europe/Madrid", "2027-03-28T02:00:00", "2027-03-28T01:00:00Z"),
        ("Europe/Madrid", "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"),
        ("Europe/Madrid", "2027-03-28T02:59:59", "2027-03-28T01:59:59Z"),
        ("Europe/Madrid", "2027-03-28T03:00:00", "2027-03-28T01:00:00Z"),
        ("Europe/Madrid", "2027-10-31T01:59:59", "2027-10-30T23:59:59Z"),
        ("Europe/Madrid", "2027-10-31T02:00:00", "2027-10-31T00:00:00Z"),
        ("Europe/Madrid", "2027-10-31T02:59:59", "2027-10-31T00:59:59Z"),
        ("Europe/Madrid", "2027-10-31T03:00:00", "2027-10-31T02:00:00Z"),
        ("Australia/Lord_Howe", "2027-10-03T02:15:00", "2027-10-02T15:45:00Z"),
        ("Australia/Lord_Howe", "2027-04-04T01:45:00", "2027-04-03T14:45:00Z"),
        ("Pacific/Apia", "2011-12-30T07:00:00", "2011-12-30T17:00:00Z"),
        ("Africa/Casablanca", "2026-02-15T02:30:00", "2026-02-15T01:30:00Z"),
        ("Africa/Casablanca", "2026-03-22T02:30:00", "2026-03-22T02:30:00Z"),
    ],
)
def test_a_wall_time_at_the_edge_of_a_change_gets_its_instant(name: str, wall: str, instant: str) -> None:
    """First and last second on both sides; half an hour, a whole day; Ramadan."""
    assert datetime.fromisoformat(instant) == local_to_instant(datetime.fromisoformat(wall), zone(name))


def test_the_second_fold_is_ignored_and_an_aware_time_refused() -> None:
    """A wall time has neither a fold nor a zone."""
    wall = datetime.fromisoformat("2027-10-31T02:30:00").replace(fold=1)
    assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) == local_to_instant(wall, zone("Europe/Madrid"))
    with pytest.raises(ValueError, match=re.escape("a wall time has no zone of its own")):
        local_to_instant(datetime(2027, 1, 1, tzinfo=UTC), zone("Europe/Madrid"))
