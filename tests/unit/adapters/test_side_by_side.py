"""Many calls at once: slow ones never keep the others waiting."""

import threading
import time

from smartalarm.adapters.side_by_side import OutOfTime, SideBySide


def test_results_come_in_the_order_of_the_items() -> None:
    """Whoever finishes first, the first result belongs to the first item."""
    gate = threading.Event()

    def call(item: int) -> int:
        if item == 0:
            assert gate.wait(5)
        elif item == 9:
            gate.set()
        return item * 10

    assert SideBySide().run(range(10), call, lane=str) == [item * 10 for item in range(10)]


def test_no_items_give_no_results() -> None:
    """An empty run ends at once."""
    assert SideBySide().run([], str, lane=str) == []


def test_one_item_needs_no_thread() -> None:
    """The commonest run, one device, is made by the caller itself."""
    assert SideBySide().run([1], lambda _: threading.current_thread(), lane=str) == [threading.current_thread()]


def test_a_raising_call_leaves_its_exception_in_its_place() -> None:
    """The others keep their results."""
    error = ValueError("no")

    def call(item: int) -> int:
        if item == 1:
            raise error
        return item

    assert SideBySide().run([0, 1, 2], call, lane=str) == [0, error, 2]


def test_calls_that_hang_do_not_keep_others_of_their_lane_waiting() -> None:
    """A hundred calls hang until the last other one was made: more threads come, so it is."""
    others_done = threading.Semaphore(0)

    def call(item: int) -> bool:
        if item >= 100:
            others_done.release()
            return True
        reached = others_done.acquire(timeout=10)
        others_done.release()
        return reached

    assert SideBySide().run(range(300), call, lane=lambda _: "one-host") == [True] * 300


def test_quick_calls_are_made_by_few_threads() -> None:
    """Threads that share one interpreter lock only get into each other's way."""
    names = SideBySide(workers=4, enough_per_second=0).run(
        range(500), lambda _: threading.current_thread().name, lane=lambda _: "one-host"
    )

    assert len(set(map(str, names))) <= 4


def test_one_lane_takes_its_share_of_the_threads_only() -> None:
    """A host that hangs altogether leaves room for the others, however many posts wait for it in front of them."""
    left = iter(range(39, -1, -1))
    healthy_done = threading.Event()

    def call(item: str) -> bool:
        if item == "hanging":
            return healthy_done.wait(10)
        if next(left) == 0:
            healthy_done.set()
        return True

    items = ["hanging"] * 60 + ["healthy"] * 40

    assert SideBySide(workers=2, most=16).run(items, call, lane=str) == [True] * 100


def test_what_cannot_start_in_time_is_out_of_time() -> None:
    """A run ends even when there is more to do than time for it."""
    gate = threading.Event()
    side_by_side = SideBySide(workers=1, most=1, start_within_seconds=0.05, end_within_seconds=5)

    def call(item: int) -> int:
        gate.wait(0.2)
        return item

    first, *others = side_by_side.run(range(5), call, lane=str)

    assert first == 0
    assert [type(other) for other in others] == [OutOfTime] * 4


def test_a_call_that_never_returns_does_not_hold_the_run() -> None:
    """Its result is OutOfTime; the thread is left behind."""
    gate = threading.Event()
    side_by_side = SideBySide(start_within_seconds=0.1, end_within_seconds=0.2)
    started = time.monotonic()

    outcomes = side_by_side.run([False, True], lambda hangs: gate.wait(10 if hangs else 0), lane=str)
    took = time.monotonic() - started
    gate.set()

    assert [type(outcome) for outcome in outcomes] == [bool, OutOfTime]
    assert took < 2


def test_runs_at_the_same_time_do_not_share_their_slowness() -> None:
    """One run hangs with all the threads it may have, another one is served meanwhile."""
    side_by_side = SideBySide(workers=2, most=8)
    gate = threading.Event()
    slow = threading.Thread(target=side_by_side.run, args=([1] * 8, lambda _: gate.wait(10)), kwargs={"lane": str})
    slow.start()
    try:
        assert side_by_side.run([1, 2, 3], lambda item: item, lane=str) == [1, 2, 3]
    finally:
        gate.set()
        slow.join()
