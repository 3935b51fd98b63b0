"""Write docs/cost.md from the counted requests of a real ring; --count and --throttle measure anew, --check compares."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.costs.counting import ROOT, count, read_counts, write_counts
from scripts.costs.page import page

PAGE = ROOT / "docs" / "cost.md"


def main() -> int:
    """0 when the page is (now) right, 1 when --check finds it stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--check", action="store_true", help="compare only; needs no emulator")
    which.add_argument("--count", action="store_true", help="ring for real against the emulated cloud first (a minute)")
    which.add_argument(
        "--throttle", action="store_true", help="ring in real time with parts of a processor first (4 minutes)"
    )
    given = parser.parse_args()
    if given.count:
        write_counts({**read_counts(), **count()})
    if given.throttle:
        from scripts.costs.throttled import lateness  # noqa: PLC0415  a check needs no emulator and none of its imports

        write_counts({**read_counts(), "throttled": {str(memory): lateness(memory) for memory in (256, 512, 1024)}})
    text = page(read_counts())
    if not given.check:
        PAGE.write_text(text)
        print(f"Wrote {PAGE.relative_to(ROOT)}.")
        return 0
    if PAGE.is_file() and PAGE.read_text() == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is stale: run `make generate` and commit it", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
