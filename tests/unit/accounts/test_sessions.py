"""Refresh tokens: rotated, repeated for a while, and the end of the family when one is used too late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from smartalarm.accounts.sessions import Session, Sessions
from smartalarm.errors import NotFound, Unauthenticated
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Commit, Put, Store

Advance = Callable[[float], None]


@pytest.fixture
def sessions(injector: Injector) -> Sessions:
    """Sessions of a world with one user, ana."""
    injector.get(Store).commit(Commit("ana", injector.get(Clock).now(), (Put("profile", "me", {}),), creates_user=True))
    return injector.get(Sessions)


@pytest.fixture
def session(injector: Injector, sessions: Sessions) -> Session:
    """An open session of ana."""
    return _open(injector, sessions)


def _open(injector: Injector, sessions: Sessions) -> Session:
    now = injector.get(Clock).now()
    session, claim = sessions.begin("ana", now=now)
    injector.get(Store).commit(Commit("ana", now, claims=(claim,)))
    return session


def _is_open(sessions: Sessions, token: str) -> bool:
    try:
        sessions.refresh(token)
    except Unauthenticated:
        return False
    return True


def test_a_refresh_gives_a_new_token_of_the_same_session(sessions: Sessions, session: Session) -> None:
    """The session and its user stay, the token does not."""
    refreshed = sessions.refresh(session.refresh_token)

    assert (session.id, "ana") == (refreshed.id, refreshed.user)
    assert session.refresh_token != refreshed.refresh_token


def test_a_spent_token_gives_the_same_successor_for_sixty_seconds(
    sessions: Sessions, session: Session, advance: Advance
) -> None:
    """A client that lost the answer asks again and goes on."""
    first = sessions.refresh(session.refresh_token)
    advance(60)
    again = sessions.refresh(session.refresh_token)

    assert first == again
    assert _is_open(sessions, again.refresh_token)


def test_a_spent_token_used_after_sixty_seconds_ends_the_family(
    sessions: Sessions, session: Session, advance: Advance
) -> None:
    """By then the client has its successor, so somebody else has a copy; nobody can tell who is who."""
    successor = sessions.refresh(session.refresh_token).refresh_token
    advance(60.001)

    assert not _is_open(sessions, session.refresh_token)
    assert not _is_open(sessions, successor)


def test_a_spent_token_whose_successor_was_used_ends_the_family_at_once(sessions: Sessions, session: Session) -> None:
    """Who used the successor got it, so nobody needs the one before it any more."""
    second = sessions.refresh(session.refresh_token).refresh_token
    third = sessions.refresh(second).refresh_token

    assert not _is_open(sessions, session.refresh_token)
    assert not _is_open(sessions, second)
    assert not _is_open(sessions, third)


def test_a_forged_secret_ends_nothing(sessions: Sessions, session: Session) -> None:
    """Knowing a family's id is no way to sign its owner out."""
    family, generation, secret = session.refresh_token.split(".")
    other = f"{family}.{generation}.{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}"
    for forged in (other, f"{family}.2.{secret}", f"{family}.0.{secret}", f"{family}.01.{secret}"):
        assert not _is_open(sessions, forged)

    assert _is_open(sessions, session.refresh_token)


@pytest.mark.parametrize("text", ["", ".", "..", "a.1.b", "x" * 200, "\u0661" * 36 + ".1." + "A" * 43])
def test_what_is_no_token_is_refused(sessions: Sessions, text: str) -> None:
    """Any text may come in."""
    with pytest.raises(Unauthenticated):
        sessions.refresh(text)


def test_parallel_refreshes_with_one_token_get_the_same_successor(sessions: Sessions, session: Session) -> None:
    """Tabs that wake up together stay signed in together."""
    with ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(lambda _: sessions.refresh(session.refresh_token).refresh_token, range(24)))

    assert len(tokens) == 1
    assert _is_open(sessions, tokens.pop())


def test_a_session_ends_when_it_is_not_used_and_lives_on_when_it_is(
    sessions: Sessions, session: Session, advance: Advance
) -> None:
    """The 60 days count from the last refresh."""
    advance(59 * 86400)
    token = sessions.refresh(session.refresh_token).refresh_token
    advance(59 * 86400)
    token = sessions.refresh(token).refresh_token
    advance(60 * 86400)

    assert not _is_open(sessions, token)


def test_ending_a_session_leaves_the_others(injector: Injector, sessions: Sessions, session: Session) -> None:
    """Signing out on the phone does not sign out the laptop."""
    other = _open(injector, sessions)
    sessions.end(session.id, "ana")
    sessions.end(session.id, "ana")

    assert not _is_open(sessions, session.refresh_token)
    assert _is_open(sessions, other.refresh_token)


def test_a_session_is_ended_only_for_its_own_user(sessions: Sessions, session: Session) -> None:
    """A session id in somebody else's hands does nothing."""
    sessions.end(session.id, "bob")

    assert _is_open(sessions, session.refresh_token)


def test_any_genuine_token_of_the_family_ends_it(sessions: Sessions, session: Session) -> None:
    """Also a spent one: its holder says that the session shall end."""
    successor = sessions.refresh(session.refresh_token).refresh_token

    assert sessions.end_by_token(session.refresh_token) == "ana"
    assert sessions.end_by_token(session.refresh_token) is None
    assert not _is_open(sessions, successor)


def test_ending_everywhere_ends_what_is_open_and_not_what_comes_after(
    injector: Injector, sessions: Sessions, session: Session
) -> None:
    """A session opened afterwards belongs to the new epoch."""
    other = _open(injector, sessions)
    sessions.end_all("ana")
    later = _open(injector, sessions)

    assert not _is_open(sessions, session.refresh_token)
    assert not _is_open(sessions, other.refresh_token)
    assert _is_open(sessions, later.refresh_token)
    sessions.end_all("ana")
    assert not _is_open(sessions, later.refresh_token)


def test_an_erased_user_gets_no_new_session(injector: Injector, sessions: Sessions, session: Session) -> None:
    """Erasing takes the sessions along, and nothing opens one afterwards."""
    injector.get(Store).erase("ana")

    assert not _is_open(sessions, session.refresh_token)
    with pytest.raises(NotFound):
        _open(injector, sessions)
    with pytest.raises(NotFound):
        sessions.end_all("ana")


def test_nothing_stored_is_a_token(injector: Injector, session: Session) -> None:
    """Who reads the database cannot sign in with what is there."""
    claim = injector.get(Store).claim(f"refresh:{session.id}", now=injector.get(Clock).now())

    assert claim is not None
    assert session.refresh_token.split(".")[2] not in str(claim)
    assert claim.expires_at == injector.get(Clock).now() + timedelta(days=60)
