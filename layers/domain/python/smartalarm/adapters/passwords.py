"""Password hashing with argon2id (RFC 9106) and the parameters OWASP names: 19 MiB, 2 passes, 1 lane."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from smartalarm.errors import Unavailable

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1

# Well-formed, with the parameters above and a hash that no password has: checking it costs what a real one costs.
_DUMMY: Final = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$c21hcnRhbGFybWR1bW15MA${'A' * 43}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Argon2Passwords:
    """`Passwords` by argon2id. At most `at_once` (default: one per core) run side by side, so memory stays bounded.

    They run in threads of their own: the C library keeps freed memory for each thread that asked for it, and 19 MiB for
    each of a server's 40 threads is more than all the rest. Who waits longer than `longest_queue_seconds` for a turn gets
    `Unavailable`.
    """

    def __init__(self, at_once: int | None = None, longest_queue_seconds: float = 5.0) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
        at_once = at_once or _cores()
        self._turns = threading.BoundedSemaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._longest_queue_seconds = longest_queue_seconds

    def hash(self, password: str) -> str:
        """See `Passwords.hash`."""
        with self._turn():
            try:
                return self._threads.submit(self._hasher.hash, password).result()
            except HashingError as error:
                raise Unavailable from error

    def verify(self, encoded: str | None, password: str) -> bool:
        """See `Passwords.verify`. Raises ValueError for a stored text that is no argon2 hash."""
        with self._turn():
            try:
                fits = self._threads.submit(self._hasher.verify, encoded or _DUMMY, password).result()
            except VerifyMismatchError:
                return False
            except InvalidHashError:
                raise ValueError("the stored text is no argon2 hash") from None
            except VerificationError as error:  # no memory: saying "wrong password" would be a lie
                raise Unavailable from error
            return fits and encoded is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._longest_queue_seconds):
            raise Unavailable("Too many people are signing in right now.")
        try:
            yield
        finally:
            self._turns.release()
