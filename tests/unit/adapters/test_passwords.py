"""argon2id: the parameters, one answer for unknown accounts after the same work, bounded memory."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from smartalarm.adapters.passwords import Argon2Passwords
from smartalarm.errors import Unavailable

PASSWORD = "correct horse battery staple"


def test_a_hash_fits_its_password_alone() -> None:
    """Another one, and an empty one, do not fit."""
    passwords = Argon2Passwords()
    encoded = passwords.hash(PASSWORD)

    assert passwords.verify(encoded, PASSWORD)
    assert not passwords.verify(encoded, PASSWORD + " ")
    assert not passwords.verify(encoded, "")


def test_the_hash_says_argon2id_with_the_parameters_of_owasp() -> None:
    """19 MiB, 2 passes, 1 lane; and a salt of its own each time."""
    passwords = Argon2Passwords()
    first, second = passwords.hash(PASSWORD), passwords.hash(PASSWORD)

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


def test_no_password_fits_an_unknown_account() -> None:
    """Whatever is tried."""
    passwords = Argon2Passwords()

    assert not [text for text in ("", "dummy", "smartalarmdummy0", PASSWORD) if passwords.verify(None, text)]


def test_an_unknown_account_costs_what_a_wrong_password_costs() -> None:
    """Compared as a ratio of medians, taken in turns, so that a busy machine disturbs both alike."""
    passwords = Argon2Passwords()
    encoded = passwords.hash(PASSWORD)
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(15):
        for target, times in ((encoded, known), (None, unknown)):
            started = time.process_time()
            passwords.verify(target, "wrong")
            times.append(time.process_time() - started)

    assert 0.7 < statistics.median(unknown) / statistics.median(known) < 1.4


def test_a_text_that_is_no_hash_is_an_error_and_not_a_wrong_password() -> None:
    """Damaged data must be seen."""
    with pytest.raises(ValueError, match="no argon2 hash"):
        Argon2Passwords().verify("plain text", PASSWORD)


def test_no_more_than_allowed_hash_at_once_and_who_waits_too_long_is_told_so() -> None:
    """Memory is bounded, so is the queue for it; afterwards it goes on."""
    passwords = Argon2Passwords(at_once=2, longest_queue_seconds=0)
    with passwords._turn(), passwords._turn(), pytest.raises(Unavailable):  # what hashing threads hold
        passwords.verify(None, PASSWORD)

    assert not passwords.verify(None, PASSWORD)


def test_many_at_once_all_get_their_answer() -> None:
    """In turns."""
    passwords = Argon2Passwords(at_once=1)
    encoded = passwords.hash(PASSWORD)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: passwords.verify(encoded, PASSWORD if n % 2 else "wrong"), range(12)))

    assert answers == [False, True] * 6
