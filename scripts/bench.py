"""Every figure in one run and one table, measured beside what people would use instead, with its goal and whether it holds.

About fifteen minutes on two cores. Nothing leaves this machine; every server is a process of its own and ends with the run.
Exit status 1: a goal was missed or a measurement failed. A busy machine makes all figures worse, ratios less than others.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.bench import (
    bench_api,
    bench_burst,
    bench_cold_start,
    bench_create,
    bench_firing,
    bench_insights,
    bench_pull,
    bench_push,
    bench_sleep,
    bench_stores,
    bench_time,
)
from tests.bench.figures import Figure, Goal

Say = Callable[[str], None]
NOT_SLOWER = Goal("ratio", at_least=1.0)


def time_figures(_: Say) -> list[Figure]:
    """The next occurrence, from the stored alarm."""
    return [
        Figure(
            f"next occurrence: {row['case']}",
            row["ours_us"],
            "us",
            "dateutil" if row["dateutil_us"] else "",
            row["dateutil_us"],
            goal=NOT_SLOWER if row["dateutil_us"] else None,
        )
        for row in bench_time.rows()
    ]


def store_figures(say: Say) -> list[Figure]:
    """What each store does in a second; one that cannot be had here is left out."""
    return [
        Figure(f"{row['backend']}: {row['what']}", row["value"], row["unit"], is_more_better=row["unit"] == "1/s")
        for row in bench_stores.rows(say=lambda text: say(f"stores: {text}"))
    ]


def push_figures(_: Say) -> list[Figure]:
    """Web Push: CPU for one message, and the rate of a burst."""
    found = {row.what: row.value for row in bench_push.rows()}
    post, prepare = found["send: post one push, CPU"], found["prepare: encrypt and sign one push, CPU"]
    library = "pywebpush.webpush()"
    its_cpu, its_rate = (found[f"{library} with a kept session: {what}"] for what in ("one push, CPU", "rate"))
    through_urllib3, through_requests = (
        found[f"the same post through {by}, CPU"] for by in ("a urllib3 pool", "requests.Session")
    )
    last = found["send: release to arrival, last"]
    return [
        Figure("push: encrypt, sign and post one, CPU", prepare + post, "us", library, its_cpu, goal=NOT_SLOWER),
        Figure("push: post one, CPU", post, "us", "urllib3", through_urllib3, goal=NOT_SLOWER),
        Figure("push: post one, CPU", post, "us", "requests", through_requests, goal=NOT_SLOWER),
        Figure("push: rate", found["send: rate"], "posts/s", library, its_rate, is_more_better=True, goal=NOT_SLOWER),
        Figure(f"push: last of {bench_push.DEVICES:,} arrives after", last, "ms"),
    ]


PARTS: dict[str, Callable[[Say], list[Figure]]] = {
    "time": time_figures,
    "stores": store_figures,
    "push": push_figures,
    "firing": bench_firing.figures,
    "burst": bench_burst.figures,
    "api": bench_api.figures,
    "create": bench_create.figures,
    "pull": bench_pull.figures,
    "insights": bench_insights.figures,
    "sleep": bench_sleep.figures,
    "cold": bench_cold_start.figures,
}


def main() -> int:
    """Measure, print, say whether all goals hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="NAME", help=f"one of {', '.join(PARTS)}; repeatable"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    given = parser.parse_args()
    started = time.monotonic()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    figures: list[Figure] = []
    broken: dict[str, str] = {}
    for name in given.only or PARTS:
        _say(started, f"{name} ...")
        try:
            figures += PARTS[name](lambda text: _say(started, text))
        except Exception as error:  # noqa: BLE001 - the other parts are measured all the same
            broken[name] = f"{type(error).__name__}: {error}"
            _say(started, f"{name} failed: {broken[name]}")
    machine += f", {os.getloadavg()[0]:.1f} after; {time.monotonic() - started:.0f} s"
    print(_table(figures))
    missed = [figure for figure in figures if figure.has_passed is False]
    print(f"\n{machine}. Goals: {sum(f.has_passed is True for f in figures)} reached, {len(missed)} missed.")
    for name, why in broken.items():
        print(f"Not measured: {name} ({why.splitlines()[0]})")
    if given.json:
        content = {"at": datetime.now(UTC).isoformat(), "machine": machine, "broken": broken}
        given.json.write_text(json.dumps({**content, "figures": [f.to_json() for f in figures]}, indent=1) + "\n")
    return 1 if missed or broken else 0


def _say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:5.0f} s  {text}", file=sys.stderr, flush=True)


def _table(figures: Sequence[Figure]) -> str:
    head = ("figure", "ours", "unit", "beside", "theirs", "ratio", "goal", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    theirs = "" if figure.rival_value is None else _number(figure.rival_value)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}x" if figure.ratio < 100 else f"{figure.ratio:.0f}x"  # noqa: PLR2004
    result = {True: "pass", False: "MISS", None: ""}[figure.has_passed]
    return figure.name, _number(figure.value), figure.unit, figure.rival, theirs, ratio, _goal(figure), result


def _goal(figure: Figure) -> str:
    goal = figure.goal
    if goal is None:
        return ""
    what = "ratio " if goal.of == "ratio" else ""
    bounds = [f"{sign} {bound:g}" for sign, bound in ((">=", goal.at_least), ("<=", goal.at_most)) if bound is not None]
    return what + " and ".join(bounds)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    is_number = {1, 4, 5}
    return [
        text.rjust(width) if i in is_number else text.ljust(width)
        for i, (text, width) in enumerate(zip(row, widths, strict=True))
    ]


if __name__ == "__main__":
    sys.exit(main())
