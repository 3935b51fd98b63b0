"""Write docs/settings.md from the Settings model; with --check, only say whether it is up to date."""

import argparse
import sys
from pathlib import Path

from pydantic import SecretStr

from smartalarm.settings import Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable. A malformed one stops the start with one line that names it; an unknown name under
one of our prefixes is warned about. This page is generated: `make generate`.

| variable | default | what it is for |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = (
            ", ".join(default) if isinstance(default, tuple) else str(default).lower() if default is True else str(default)
        )
        rows.append(f"| `{name.upper()}` | {f'`{shown}`' if shown else ''} | {field.description} |")
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """0 when the file is (now) up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    given = parser.parse_args()
    if given.check:
        if TARGET.exists() and TARGET.read_text() == page():
            return 0
        print("docs/settings.md is stale: run `make generate` and commit it.")
        return 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(page())
    print(f"Wrote {TARGET.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
