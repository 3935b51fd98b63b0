"""The vector files of tests/vectors/: written anew, or compared, by the scripts that know what each case must give."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_or_check(
    folder: Path,
    fill: Callable[[str, dict[str, Any]], dict[str, Any]],
    *,
    about: str | None,
    command: str,
    is_ascii: bool = False,
    beside: str = "",
    more: Callable[[], dict[Path, str]] = dict,
) -> int:
    """Put every `<name>.json` through `fill(name, vectors)`; with --check only compare. Gives the exit status.

    `about` is what --help says, `command` what writes the files, `beside` stands after the count of cases. `more`: further
    files and their texts, made when the first ones are as they should be.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a file would change")
    is_check = parser.parse_args().check
    stale = []
    total = 0
    for path in sorted(folder.glob("*.json")):
        vectors = json.loads(path.read_text("utf-8"))
        total += len(vectors["cases"])
        text = json.dumps(fill(path.stem, vectors), indent=1, ensure_ascii=is_ascii) + "\n"
        if text != path.read_text("utf-8"):
            stale.append(path.name)
            if not is_check:
                path.write_text(text, "utf-8")
    for path, text in more().items():
        if not path.exists() or text != path.read_text("utf-8"):
            stale.append(path.name)
            if not is_check:
                path.write_text(text, "utf-8")
    if is_check and stale:
        print(f"Stale: {', '.join(stale)}. Run: {command}", file=sys.stderr)
        return 1
    print(f"{total} cases{beside}" + (f", written: {', '.join(stale)}" if stale else ", up to date"))
    return 0
