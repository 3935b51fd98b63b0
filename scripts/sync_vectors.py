"""Fills in what the sync vectors expect, by brute force (sync_oracle/) that shares no code with the product.

A case in tests/vectors/sync/*.json is written by hand; this program adds `expect`. Values, and mutations that are texts,
are JSON to be parsed: so a file can hold 1e400 or a name given twice, which no writer of JSON would write. The files hold:
  canonical        text -> its canonical JSON (RFC 8785), or null when it is refused
  values           one, other -> which has the greater canonical JSON: "one", "other" or "same"
  clock-texts      text -> ms, counter and client_id, or null
  ticks            client_id, now, seen -> the next clock
  clamps           now, seen, clocks -> the clocks as the server records them
  kinds            kind -> the fields that a client may write, "read_only", or "unknown"
  all others       entities (at the start) and pushes (now, mutations) -> the outcomes of every push and all entities at the
                   end. `any_order`: whether the end is the same however the mutations are exchanged among the pushes.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts.sync_oracle.clocks import known_tick, ms_of, next_tick, read_tick, recorded
from scripts.sync_oracle.scenarios import FIELDS, READ_ONLY, scenario
from scripts.sync_oracle.values import canonical, canonical_or_none, units
from scripts.vector_files import write_or_check

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "sync"
COMMAND = "python scripts/sync_vectors.py"


def greater(case: dict[str, Any]) -> str:
    """Which of two values wins between equal clocks."""
    one, other = (units(canonical(json.loads(case[side]))) for side in ("one", "other"))
    return "same" if one == other else "one" if one > other else "other"


def clock_text(case: dict[str, Any]) -> dict[str, Any] | None:
    """The parts of a clock."""
    found = read_tick(case["text"])
    return found and {"ms": found.number >> 16, "counter": found.number & 0xFFFF, "client_id": found.client}


def clamped(case: dict[str, Any]) -> list[str]:
    """A push's clocks as they are kept."""
    seen = case["seen"] and known_tick(case["seen"]).number
    return [tick.text for tick in recorded(ms_of(case["now"]), seen, [known_tick(text) for text in case["clocks"]])]


def kind_fields(case: dict[str, Any]) -> list[str] | str:
    """What may be written of a kind."""
    if case["kind"] in FIELDS:
        return sorted(FIELDS[case["kind"]].split())
    return "read_only" if case["kind"] in READ_ONLY else "unknown"


EXPECT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "canonical": lambda case: canonical_or_none(case["text"]),
    "values": greater,
    "clock-texts": clock_text,
    "ticks": lambda case: (
        next_tick(case["client_id"], ms_of(case["now"]), case["seen"] and known_tick(case["seen"]).number).text
    ),
    "clamps": clamped,
    "kinds": kind_fields,
}


def filled(name: str, vectors: dict[str, Any]) -> dict[str, Any]:
    """The same file with every expectation computed anew."""
    expect: Callable[[dict[str, Any]], Any] = EXPECT.get(name, scenario)
    return {**vectors, "cases": [{**case, "expect": expect(case)} for case in vectors["cases"]]}


def main() -> int:
    """Write the files, or with --check only compare them."""
    return write_or_check(FOLDER, filled, about=__doc__, command=COMMAND, is_ascii=True)


if __name__ == "__main__":
    sys.exit(main())
