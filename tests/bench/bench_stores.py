"""What a store does in a second: saves, reads, due timers, change pages, a popular minute, fifty writers at once.

    python tests/bench/bench_stores.py [memory sqlite postgresql dynamodb]

Every backend is the real one (PostgreSQL and the emulator on the same machine); each figure is the median of the rounds.
"""

import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from smartalarm.ports import Commit, Committed, Cursor, Put, Store, Timer, TimerChange
from tests.contract.backends import BACKENDS, Backend, BackendMissing

ROUNDS = 3
WRITERS = 50
NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
ALARM = {
    "label": "Work",
    "enabled": True,
    "schedule": {"start": "2026-12-01T07:00:00", "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "exdates": [], "rdates": []},
    "time_zone": "Europe/Madrid",
    "snooze": {"minutes": 9, "limit": 3},
    "ring": {"sound": "sunrise", "ramp_seconds": 60, "vibrate": True, "challenge": "none", "timeout_minutes": 10},
    "clocks": dict.fromkeys(("label", "enabled", "schedule", "snooze", "ring"), "1764543600000-0000-client"),
}
OCCURRENCE = {
    "alarm_id": str(uuid.UUID(int=1)),
    "state": "ringing",
    "ledger": [{"at": "2026-12-01T06:00:00.000Z", "event": "scheduled", "detail": None}] * 4,
}
SIZES = {"dynamodb": (60, 100)}  # the emulator shares a core with us
SIZE = (1000, 5000)  # single calls; users of the popular minute


def rows(names: Sequence[str] = tuple(BACKENDS), say: Callable[[str], None] = print) -> list[dict[str, Any]]:
    """One row per backend and figure: {backend, what, value, unit, rounds}. A backend that cannot be had is left out."""
    found: list[dict[str, Any]] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            try:
                fresh = stack.enter_context(BACKENDS[name](Path(folder)))
            except BackendMissing as missing:
                say(f"{name}: left out, {missing}")
                continue
            measured: dict[tuple[str, str], list[float]] = {}
            for number in range(ROUNDS + 1):
                place = Path(folder) / str(number)
                place.mkdir()
                with fresh(place) as backend:
                    for what, unit, value in _round(backend):
                        if number:  # the first round only warms up
                            measured.setdefault((what, unit), []).append(value)
            for (what, unit), values in measured.items():
                row = {"backend": name, "what": what, "value": statistics.median(values), "unit": unit, "rounds": values}
                say(f"{name}: {what}: {row['value']:.{2 if unit == 's' else 0}f} {unit}")
                found.append(row)
    return found


def _round(backend: Backend) -> list[tuple[str, str, float]]:
    store = backend.store
    calls, crowd = SIZES.get(backend.name, SIZE)
    users = [f"user-{number:05}" for number in range(crowd)]
    _check(store.commit_many([Commit(user, NOW, creates_user=True) for user in users]))
    owner = users[0]
    found = [
        ("save (alarm and timer)", "1/s", _rate(calls, lambda n: _save(store, users[n % crowd], f"alarm-{n}"))),
        ("get", "1/s", _rate(calls, lambda n: store.get(users[n % crowd], "alarm", f"alarm-{n}"))),
    ]
    for start in range(0, 100, 20):
        store.commit(Commit(owner, NOW, tuple(Put("alarm", f"mine-{start + n}", ALARM) for n in range(20))))
    found.append(("changes (page of 100)", "1/s", _rate(calls // 5, lambda _: store.changes(owner, Cursor(), 100))))
    found += _popular_minute(store, users)
    if backend.name != "memory":
        seconds = _writers(store, users, calls)
        found.append((f"{WRITERS} writers at once", "1/s", calls // WRITERS * WRITERS / seconds))
    return found


def _save(store: Store, user: str, name: str) -> None:
    timer = Timer(name, user, NOW + timedelta(days=1), "ring", name, 1, NOW)
    store.commit(Commit(user, NOW, (Put("alarm", name, ALARM, expected=0),), (TimerChange(name, timer),)))


def _popular_minute(store: Store, users: Sequence[str]) -> list[tuple[str, str, float]]:
    """Everybody's occurrence is set, handed over, and begins to ring: its document, its timer moved, a ladder timer."""
    due = {user: Timer("ring", user, NOW + timedelta(seconds=60), "ring", "o", 1, NOW) for user in users}
    pending = [
        Commit(user, NOW, (Put("occurrence", "o", OCCURRENCE, expected=0),), (TimerChange("ring", due[user]),))
        for user in users
    ]
    _check(store.commit_many(pending))
    taken: list[Timer] = []

    def take() -> None:
        while portion := store.take_due(now=NOW, until=NOW + timedelta(seconds=60), limit=1000):
            taken.extend(portion)

    take_seconds = _seconds(take)
    ringing = []
    for timer in taken:
        following = Timer("ring", timer.user, NOW + timedelta(days=1), "ring", "o", 2, NOW)
        ladder = Timer("ladder", timer.user, NOW + timedelta(seconds=90), "ladder", "o", 1, NOW)
        changes = (TimerChange("ring", following, expected=timer), TimerChange("ladder", ladder))
        put = Put("occurrence", "o", {**OCCURRENCE, "ring": 1}, expected=1)
        ringing.append(Commit(timer.user, NOW, (put,), changes))
    burst_seconds = _seconds(lambda: _check(store.commit_many(ringing)))
    if len(taken) != len(users):
        raise RuntimeError(f"{len(taken)} timers for {len(users)} users")
    return [
        ("due timers handed over", "1/s", len(taken) / take_seconds),
        (f"ring burst, {len(users)} users", "s", burst_seconds),
    ]


def _writers(store: Store, users: Sequence[str], saves: int) -> float:
    each = saves // WRITERS

    def write(number: int) -> None:
        for index in range(each):
            _save(store, users[(number * each + index) % len(users)], f"writer-{number}-{index}")

    threads = [threading.Thread(target=partial(write, number)) for number in range(WRITERS)]

    def run() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return _seconds(run)


def _check(outcomes: Sequence[object]) -> None:
    failed = [outcome for outcome in outcomes if not isinstance(outcome, Committed)]
    if failed:
        raise RuntimeError(f"{len(failed)} commits failed: {failed[0]!r}")


def _rate(times: int, call: Callable[[int], object]) -> float:
    return times / _seconds(lambda: [call(number) for number in range(times)])


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    rows(sys.argv[1:] or tuple(BACKENDS))
