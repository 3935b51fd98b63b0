"""Which bearer token speaks for whom, and for what."""

from collections.abc import Callable

import pytest

from smartalarm.accounts.access import Answerer, CurrentUser, Visitor, sign_access_token, sign_answer_token
from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.http import Request
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Signer

Advance = Callable[[float], None]
OCCURRENCE = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f:20261201T060000Z"


@pytest.fixture
def signer(injector: Injector) -> Signer:
    """The world's signer."""
    return injector.get(Signer)


@pytest.fixture
def clock(injector: Injector) -> Clock:
    """The world's clock."""
    return injector.get(Clock)


def _request(token: str | None) -> Request:
    return Request("GET", "/", headers={} if token is None else {"authorization": f"Bearer {token}"})


def _answer_token(signer: Signer, clock: Clock) -> str:
    return sign_answer_token(signer, "ana", OCCURRENCE, "phone", now=clock.now(), lifetime_seconds=600)


def test_an_access_token_speaks_for_its_user_and_session(signer: Signer, clock: Clock) -> None:
    """For 15 minutes."""
    token = sign_access_token(signer, "ana", "s1", now=clock.now())

    assert CurrentUser("ana", "s1") == CurrentUser.from_request(_request(token), signer=signer, clock=clock)
    assert Visitor(CurrentUser("ana", "s1")) == Visitor.from_request(_request(token), signer=signer, clock=clock)
    assert Answerer("ana") == Answerer.from_request(_request(token), signer=signer, clock=clock)


def test_an_access_token_ends_after_fifteen_minutes(signer: Signer, clock: Clock, advance: Advance) -> None:
    """To the second."""
    request = _request(sign_access_token(signer, "ana", "s1", now=clock.now()))
    advance(899.999)
    CurrentUser.from_request(request, signer=signer, clock=clock)
    advance(0.001)

    with pytest.raises(Unauthenticated) as caught:
        CurrentUser.from_request(request, signer=signer, clock=clock)
    assert caught.value.headers == {"www-authenticate": 'Bearer error="invalid_token"'}


def test_without_a_token_the_answer_asks_for_one(signer: Signer, clock: Clock) -> None:
    """WWW-Authenticate without an error: nothing was wrong, only missing (RFC 6750, 3.1)."""
    for reader in (CurrentUser, Answerer):
        with pytest.raises(Unauthenticated) as caught:
            reader.from_request(_request(None), signer=signer, clock=clock)
        assert caught.value.headers == {"www-authenticate": "Bearer"}
    assert Visitor(None) == Visitor.from_request(_request(None), signer=signer, clock=clock)


def test_an_answer_token_answers_its_occurrence_alone(signer: Signer, clock: Clock) -> None:
    """In the name of the device whose push carried it."""
    answerer = Answerer.from_request(_request(_answer_token(signer, clock)), signer=signer, clock=clock)

    assert Answerer("ana", OCCURRENCE, "phone") == answerer
    answerer.check(OCCURRENCE)
    with pytest.raises(Forbidden):
        answerer.check(OCCURRENCE.replace("06", "07"))


def test_a_full_session_answers_any_occurrence() -> None:
    """Whose it is, the store decides."""
    Answerer("ana").check(OCCURRENCE)


def test_an_answer_token_is_no_session(signer: Signer, clock: Clock) -> None:
    """It lies in notification data on the device; it must not open the account."""
    request = _request(_answer_token(signer, clock))

    with pytest.raises(Unauthenticated):
        CurrentUser.from_request(request, signer=signer, clock=clock)
    assert Visitor(None) == Visitor.from_request(request, signer=signer, clock=clock)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"use": "ticket"},
        {"use": "access"},
        {"use": "access", "sid": 3},
        {"use": "answer"},
        {"use": "answer", "occurrence": OCCURRENCE},
        {"use": "answer", "occurrence": None, "device": None},
        {"use": ["access"], "sid": "s1"},
    ],
)
def test_a_token_for_another_use_is_refused(signer: Signer, clock: Clock, claims: dict[str, object]) -> None:
    """However well it is signed."""
    token = signer.sign({"sub": "ana", **claims}, now=clock.now(), lifetime_seconds=60)

    for reader in (CurrentUser, Answerer):
        with pytest.raises(Unauthenticated):
            reader.from_request(_request(token), signer=signer, clock=clock)
