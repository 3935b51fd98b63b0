"""Threads that all start at once, and change as often as Python can make them."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from smartalarm.errors import SmartAlarmError

T = TypeVar("T")
THREADS = 8


def race(work: Callable[[int], T], threads: int = THREADS) -> list[T | SmartAlarmError]:
    """Run `work(number)` in all threads at once; what each gave, or the error of ours that it raised."""
    start = threading.Barrier(threads)
    results: list[T | SmartAlarmError | None] = [None] * threads
    surprises: list[BaseException] = []

    def run(number: int) -> None:
        start.wait(timeout=30)
        try:
            results[number] = work(number)
        except SmartAlarmError as error:
            results[number] = error
        except BaseException as error:  # noqa: BLE001 - raised again below, in the test's own thread
            surprises.append(error)

    running = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(threads)]
    with _eager_threads():
        for thread in running:
            thread.start()
        for thread in running:
            thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in running)
    if surprises:
        raise surprises[0]
    return results  # type: ignore[return-value]


@contextmanager
def _eager_threads() -> Iterator[None]:
    """Let Python change threads a thousand times as often, so that they meet in the middle of things."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 1000)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
