"""Registering, signing in and out: who gets in, and what somebody who guesses learns."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from smartalarm.accounts.accounts import Accounts, Credentials
from smartalarm.accounts.profile import NewAccount
from smartalarm.accounts.staying import SignedIn, Staying
from smartalarm.errors import Conflict, Invalid, SmartAlarmError, TooMany, Unauthenticated
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Cursor, Signer, Store
from tests.fakes import memory_world

ADDRESS = "203.0.113.5"
PASSWORD = "correct horse battery staple"
Advance = Callable[[float], None]


@pytest.fixture
def accounts(injector: Injector) -> Accounts:
    """Accounts of an empty world."""
    return injector.get(Accounts)


@pytest.fixture
def staying(injector: Injector) -> Staying:
    """The sessions of the same world."""
    return injector.get(Staying)


@pytest.fixture
def ana(accounts: Accounts) -> SignedIn:
    """Ana's account."""
    return _register(accounts, "Ana@Example.com")


def _register(accounts: Accounts, email: str, password: str = PASSWORD, address: str = "198.51.100.1") -> SignedIn:
    new = NewAccount(email=email, password=SecretStr(password), name="Ana", time_zone="Europe/Madrid", locale="es")
    return accounts.register(new, client_address=address)


def _log_in(
    accounts: Accounts, password: str = PASSWORD, email: str = "ana@example.com", address: str = ADDRESS
) -> SignedIn:
    return accounts.log_in(Credentials(email=email, password=SecretStr(password)), client_address=address)


def _outcome(accounts: Accounts, password: str, email: str = "ana@example.com", address: str = ADDRESS) -> str:
    try:
        _log_in(accounts, password, email, address)
    except SmartAlarmError as error:
        return error.code
    return "in"


def test_registering_signs_in_and_keeps_what_was_given(ana: SignedIn) -> None:
    """The address keeps its spelling but for the domain; the settings have their defaults."""
    view = ana.user

    assert (
        view.email,
        view.name,
        view.locale,
        view.time_zone,
        view.version,
    ) == ("Ana@example.com", "Ana", "es", "Europe/Madrid", 1)
    assert view.settings.sleep_goal_minutes == 480


def test_both_tokens_speak_for_the_new_user(injector: Injector, staying: Staying, ana: SignedIn) -> None:
    """The access token names user and session, the refresh token goes on with that session."""
    claims = injector.get(Signer).verify(ana.access_token, now=injector.get(Clock).now())

    assert (ana.user.id, "access") == (claims["sub"], claims["use"])
    assert ana.refresh_token.startswith(claims["sid"])
    assert staying.refresh(ana.refresh_token).user == ana.user


@pytest.mark.parametrize("email", ["ana@example.com", "ANA@EXAMPLE.COM", "  Ana@example.com "])
def test_one_address_has_one_account_however_it_is_spelled(accounts: Accounts, ana: SignedIn, email: str) -> None:
    """Letter case and spaces around make no other person."""
    with pytest.raises(Conflict) as caught:
        _register(accounts, email)

    assert caught.value.code == "email_taken"
    assert _log_in(accounts, email=email).user == ana.user


def test_of_many_who_register_one_address_one_gets_it(accounts: Accounts) -> None:
    """Also when all of them asked before the first had it."""

    def outcome(_: int) -> str:
        try:
            _register(accounts, "ana@example.com")
        except Conflict as conflict:
            return conflict.code
        return "made"

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(outcome, range(8)))

    assert outcomes == ["email_taken"] * 7 + ["made"]


def test_the_own_address_is_no_password(accounts: Accounts) -> None:
    """It is the first thing that anybody would try."""
    for password in ("Christine@example.com", "christine"):
        with pytest.raises(Invalid) as caught:
            _register(accounts, "christine@example.com", password)
        assert caught.value.errors[0].pointer == "/password"


def test_the_hash_is_in_no_document(injector: Injector, ana: SignedIn) -> None:
    """What a feed or an export carries never holds it."""
    documents = injector.get(Store).changes(ana.user.id, Cursor(), 100).items

    assert {"profile", "settings"} == {document.kind for document in documents}
    assert "quick:" not in str(documents)


def test_unknown_address_and_wrong_password_are_one_answer_after_the_same_work(
    accounts: Accounts, ana: SignedIn, verified: list[str | None]
) -> None:
    """Neither the text nor the work tells whether an account exists."""
    answers = []
    for email in (ana.user.email, "nobody@example.com", "not an address"):
        with pytest.raises(Unauthenticated) as caught:
            _log_in(accounts, "wrong password", email)
        answers.append((caught.value.detail, caught.value.code, caught.value.headers))

    assert answers[0] == answers[1] == answers[2]
    assert [encoded is None for encoded in verified] == [False, True, True]


def test_a_password_fits_however_its_letters_were_composed(accounts: Accounts) -> None:
    """One keyboard sends é, another e and an accent."""
    _register(accounts, "ana@example.com", "cafe\u0301 con leche")

    assert _outcome(accounts, "caf\u00e9 con leche") == "in"


def test_the_eleventh_guess_is_refused_even_when_it_is_right(accounts: Accounts, ana: SignedIn, advance: Advance) -> None:
    """Ten wrong ones from one address; after 15 minutes it goes on."""
    advance(1)
    outcomes = [_outcome(accounts, f"guess number {n}") for n in range(10)]
    advance(60)
    with pytest.raises(TooMany) as caught:
        _log_in(accounts)

    assert outcomes == ["wrong_credentials"] * 10
    assert caught.value.headers == {"retry-after": "840"}
    advance(840)
    assert _log_in(accounts).user == ana.user


def test_guesses_sent_side_by_side_cannot_slip_through(accounts: Accounts, ana: SignedIn) -> None:
    """They are counted before they are checked."""
    assert ana.user.email
    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(lambda n: _outcome(accounts, f"guess number {n}"), range(40)))

    assert (outcomes.count("wrong_credentials"), outcomes.count("too_many")) == (10, 30)


def test_guesses_at_an_unknown_account_count_the_same(accounts: Accounts) -> None:
    """Else the limit would tell which accounts exist."""
    outcomes = [_outcome(accounts, "some password", "nobody@example.com") for _ in range(11)]

    assert outcomes == ["wrong_credentials"] * 10 + ["too_many"]


def test_another_address_can_still_sign_in(accounts: Accounts, ana: SignedIn) -> None:
    """Somebody who guesses does not lock out the owner."""
    assert ana.user.email
    for n in range(12):
        _outcome(accounts, f"guess number {n}")

    assert _outcome(accounts, PASSWORD, address="192.0.2.9") == "in"


def test_a_fitting_password_forgets_the_wrong_ones(accounts: Accounts, ana: SignedIn) -> None:
    """Nine typing errors, then in; nine more do not add up."""
    assert ana.user.email
    for _ in range(2):
        for n in range(9):
            _outcome(accounts, f"guess number {n}")
        assert _outcome(accounts, PASSWORD) == "in"


def test_one_ipv6_customer_counts_as_one(accounts: Accounts, ana: SignedIn) -> None:
    """Whoever has one address has the 2^64 beside it."""
    assert ana.user.email
    outcomes = [_outcome(accounts, "some guess", address=f"2001:db8::{n:x}") for n in range(11)]

    assert outcomes[-1] == "too_many"
    assert _outcome(accounts, PASSWORD, address="2001:db8:0:1::1") == "in"


def test_an_ipv4_address_is_the_same_in_ipv6_notation(accounts: Accounts, ana: SignedIn) -> None:
    """A server that listens on both families sees ::ffff:203.0.113.5."""
    assert ana.user.email
    for n in range(10):
        _outcome(accounts, "some guess", address=("203.0.113.5", "::ffff:203.0.113.5")[n % 2])

    assert _outcome(accounts, PASSWORD) == "too_many"


def test_requests_from_one_address_are_limited_over_all_accounts() -> None:
    """Registering and signing in count together; the limits are settings."""
    accounts = memory_world(auth_requests_per_address=3).get(Accounts)
    _register(accounts, "ana@example.com", address=ADDRESS)

    outcomes = [_outcome(accounts, PASSWORD, email) for email in ("a@example.com", "ana@example.com", "b@example.com")]

    assert outcomes == ["wrong_credentials", "in", "too_many"]
    with pytest.raises(TooMany):
        _register(accounts, "new@example.com", address=ADDRESS)


def test_signing_out_by_any_of_the_tokens_ends_the_session(staying: Staying, ana: SignedIn) -> None:
    """Twice is fine; refreshing is over."""
    staying.log_out(None, [ana.refresh_token], is_everywhere=False)
    staying.log_out(None, [ana.refresh_token], is_everywhere=False)

    with pytest.raises(Unauthenticated):
        staying.refresh(ana.refresh_token)


def test_signing_out_everywhere_ends_every_session(accounts: Accounts, staying: Staying, ana: SignedIn) -> None:
    """The one of the token and all others."""
    other = _log_in(accounts)
    staying.log_out(None, [ana.refresh_token], is_everywhere=True)

    for token in (ana.refresh_token, other.refresh_token):
        with pytest.raises(Unauthenticated):
            staying.refresh(token)
    assert _outcome(accounts, PASSWORD) == "in"


@pytest.mark.parametrize("tokens", [[], ["nonsense"], [f"{'0' * 8}.1.{'A' * 43}"]])
def test_signing_out_without_a_session_is_refused(staying: Staying, tokens: list[str]) -> None:
    """Nothing given names one."""
    with pytest.raises(Unauthenticated):
        staying.log_out(None, tokens, is_everywhere=False)


def test_signing_out_everywhere_needs_a_living_session(staying: Staying, ana: SignedIn) -> None:
    """Of one that ended nobody can tell whose it was."""
    staying.log_out(None, [ana.refresh_token], is_everywhere=False)

    with pytest.raises(Unauthenticated):
        staying.log_out(None, [ana.refresh_token], is_everywhere=True)


def test_an_erased_account_cannot_refresh_or_sign_in(
    injector: Injector, accounts: Accounts, staying: Staying, ana: SignedIn
) -> None:
    """And its address is free again."""
    injector.get(Store).erase(ana.user.id)

    with pytest.raises(Unauthenticated):
        staying.refresh(ana.refresh_token)
    assert _outcome(accounts, PASSWORD) == "wrong_credentials"
    assert _register(accounts, "ana@example.com").user.id != ana.user.id
