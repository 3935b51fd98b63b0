"""Write every cloud's manifests from the functions' declarations, or with --check say whether they are up to date."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.manifest import aws, gcp, oci, sam
from smartalarm.catalog import load_functions
from smartalarm.function import Declaration

ROOT = Path(__file__).resolve().parent.parent


def files(declarations: Sequence[Declaration]) -> dict[Path, str]:
    """Every generated file's text, by its path below the root."""
    ours = {aws.TARGET: aws.document(declarations), sam.TARGET: sam.document(declarations)}
    return ours | gcp.files(declarations) | oci.files(declarations)


def main() -> int:
    """0 when the files are (now) right, 1 when --check finds one stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is stale")
    is_check = parser.parse_args().check
    stale = 0
    for path, text in files(load_functions(ROOT / "functions")).items():
        target = ROOT / path
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if is_check:
            print(f"{path} is stale: run `make generate` and commit it", file=sys.stderr)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            print(f"Wrote {path}.")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
