"""Group commit: who comes together shares a batch, who comes alone waits for nobody, and a broken batch harms no other."""

import threading
from collections.abc import Sequence

import pytest

from smartalarm.adapters.sql.batches import Batches
from smartalarm.errors import Unavailable


class Runner:
    """Doubles numbers, batch by batch; it can be held, so that others queue behind it."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.is_entered = threading.Event()
        self.may_go = threading.Event()
        self.may_go.set()

    def __call__(self, works: Sequence[int]) -> list[int]:
        """The outcomes. Minus one breaks down."""
        self.batches.append(list(works))
        self.is_entered.set()
        assert self.may_go.wait(10)
        if -1 in works:
            raise RuntimeError("broken")
        return [2 * work for work in works]


class Crowd:
    """Threads that submit one work each, in order, and what they got."""

    def __init__(self, batches: Batches[int, int]) -> None:
        self.batches = batches
        self.got: dict[int, object] = {}
        self.threads: list[threading.Thread] = []

    def submit(self, owner: str, work: int) -> None:
        """In a thread of its own; returns once it stands in the queue or runs."""

        def run() -> None:
            try:
                self.got[work] = self.batches.submit(owner, work)
            except RuntimeError as error:
                self.got[work] = str(error)

        before = self.batches.waiting
        thread = threading.Thread(target=run)
        thread.start()
        self.threads.append(thread)
        while len(self.threads) > 1 and self.batches.waiting == before and thread.is_alive():
            threading.Event().wait(0.001)

    def join(self) -> None:
        """Wait for all of them."""
        for thread in self.threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in self.threads)


def crowd_behind(runner: Runner, works: Sequence[tuple[str, int]], *, size: int = 10, wait_seconds: float = 10) -> Crowd:
    """The first work runs and is held; the others queue behind it, then all go."""
    crowd = Crowd(Batches(runner, size=size, wait_seconds=wait_seconds))
    runner.may_go.clear()
    for number, (owner, work) in enumerate(works):
        crowd.submit(owner, work)
        if number == 0:
            assert runner.is_entered.wait(10)
    return crowd


def test_a_lone_writer_runs_at_once() -> None:
    """In its own thread, in a batch of its own."""
    runner = Runner()
    batches: Batches[int, int] = Batches(runner, size=10, wait_seconds=1)

    assert [batches.submit("a", 1), batches.submit("a", 2)] == [2, 4]
    assert runner.batches == [[1], [2]]


def test_writers_that_wait_share_the_next_batch() -> None:
    """In the order in which they came, each with its own outcome."""
    runner = Runner()
    crowd = crowd_behind(runner, [("a", 1), ("b", 2), ("c", 3), ("d", 4)])
    runner.may_go.set()
    crowd.join()

    assert runner.batches == [[1], [2, 3, 4]]
    assert crowd.got == {1: 2, 2: 4, 3: 6, 4: 8}


def test_a_batch_holds_one_work_of_an_owner_and_no_more_than_its_size() -> None:
    """What does not fit keeps its place in the queue."""
    runner = Runner()
    crowd = crowd_behind(runner, [("x", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("a", 6)], size=2)
    runner.may_go.set()
    crowd.join()

    assert runner.batches == [[1], [2, 4], [3, 5], [6]]
    assert crowd.got == {work: 2 * work for work in range(1, 7)}


def test_a_batch_that_breaks_down_harms_no_other_batch() -> None:
    """Its leader sees the error, who shared it is told to try again, who waits behind goes on."""
    runner = Runner()
    crowd = crowd_behind(runner, [("x", 1), ("a", -1), ("b", 2), ("c", 3), ("d", 4)], size=3)
    runner.may_go.set()
    crowd.join()

    assert runner.batches == [[1], [-1, 2, 3], [4]]
    assert (crowd.got[-1], crowd.got[1], crowd.got[4]) == ("broken", 2, 8)
    assert isinstance(crowd.got[2], Unavailable)
    assert isinstance(crowd.got[3], Unavailable)


def test_a_writer_whose_turn_never_comes_gives_up_and_is_not_run() -> None:
    """Rather an honest error than a request that hangs."""
    runner = Runner()
    crowd = crowd_behind(runner, [("x", 1), ("a", 2)], wait_seconds=0.05)
    crowd.threads[1].join(10)
    assert isinstance(crowd.got[2], Unavailable)
    runner.may_go.set()
    crowd.join()

    assert runner.batches == [[1]]
    assert crowd.batches.submit("b", 3) == 6


@pytest.mark.parametrize("threads", [2, 12])
def test_many_writers_all_get_their_own_outcome(threads: int) -> None:
    """However they meet."""
    batches: Batches[int, int] = Batches(lambda works: [2 * work for work in works], size=4, wait_seconds=30)
    wrong: list[object] = []

    def write(number: int) -> None:
        for index in range(200):
            work = number * 1000 + index
            outcome = batches.submit(f"owner-{number % 3}", work)
            if outcome != 2 * work:
                wrong.append(outcome)

    running = [threading.Thread(target=write, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    assert not wrong
    assert batches.waiting == 0
