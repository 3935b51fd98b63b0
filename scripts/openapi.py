"""Write openapi.json from the functions' declarations, or with --check say whether it is up to date."""

import argparse
import json
import sys
from pathlib import Path

from smartalarm.catalog import load_functions
from smartalarm.openapi import build_document
from smartalarm.sync.messages import MESSAGES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "openapi.json"


def main() -> int:
    """0 when the file is (now) right, 1 when --check finds it stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when openapi.json is stale")
    is_check = parser.parse_args().check
    document = build_document(load_functions(ROOT / "functions"), MESSAGES)
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    is_current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
    if is_check and not is_current:
        print("openapi.json is stale: run `python scripts/openapi.py` and commit it", file=sys.stderr)
        return 1
    if not is_current:
        TARGET.write_text(text, encoding="utf-8")
    print(f"openapi.json: {len(document['paths'])} paths, {'up to date' if is_current else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
