"""Zip archives whose bytes depend on their contents alone: sorted names, one date, one mode."""

import os
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the first date a zip file knows
_MODE: Final = 0o100644 << 16
_UNIX: Final = 3


def write_zip(path: Path, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Everything below `folder`, without empty folders. SOURCE_DATE_EPOCH, when set, is the date of all entries."""
    date = _date(environ)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(item for item in folder.rglob("*") if item.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), date)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def _date(environ: Mapping[str, str]) -> tuple[int, int, int, int, int, int]:
    seconds = int(environ.get("SOURCE_DATE_EPOCH") or 0)
    return max(EARLIEST, time.gmtime(seconds)[:6])


def unzipped_bytes(path: Path) -> int:
    """How much the archive's files take."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())
