"""Who may start a job over HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from smartalarm.accounts.access import sign_access_token
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.errors import Forbidden, Unauthenticated
from smartalarm.hosts.ticks import check_tick, sign_tick
from smartalarm.http import Request

NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)
SIGNER = JwtSigner("a secret of at least 32 characters", "smartalarm", "smartalarm")


def with_header(token: str) -> Request:
    """A scheduler's request that carries the token."""
    return Request("POST", "/", headers={"x-tick-token": token})


def test_the_token_that_was_signed_for_a_job_starts_it() -> None:
    """In the header, or in a JSON body where a scheduler cannot send headers."""
    token = sign_tick("dispatch_due", SIGNER, now=NOW, lifetime_seconds=60)
    check_tick("dispatch_due", with_header(token), SIGNER, now=NOW)
    check_tick("dispatch_due", Request("POST", "/", body=json.dumps({"tick_token": token}).encode()), SIGNER, now=NOW)


def test_a_token_for_another_job_does_not() -> None:
    """One leaked token starts one job, not all."""
    token = sign_tick("purge_expired", SIGNER, now=NOW, lifetime_seconds=60)
    with pytest.raises(Forbidden):
        check_tick("dispatch_due", with_header(token), SIGNER, now=NOW)


def test_a_users_access_token_does_not() -> None:
    """Being signed in is no licence to run jobs."""
    with pytest.raises(Forbidden):
        check_tick("dispatch_due", with_header(sign_access_token(SIGNER, "ann", "s", now=NOW)), SIGNER, now=NOW)


def test_an_expired_token_does_not() -> None:
    """A tick token has a lifetime like every other."""
    token = sign_tick("dispatch_due", SIGNER, now=NOW, lifetime_seconds=60)
    with pytest.raises(Unauthenticated):
        check_tick("dispatch_due", with_header(token), SIGNER, now=NOW + timedelta(seconds=61))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"nonsense", b"\xff", b'{"tick_token": 3}', b"[" * 100_000])
def test_nobody_starts_a_job_without_a_token(body: bytes) -> None:
    """Deny by default, whatever else is sent."""
    with pytest.raises(Unauthenticated):
        check_tick("dispatch_due", Request("POST", "/", body=body), SIGNER, now=NOW)


class KnownScheduler:
    """Knows one token."""

    def check(self, token: str, *, now: datetime) -> None:  # noqa: ARG002  the port's names
        """Refuse any other."""
        if token != "from-google":
            raise Unauthenticated("not Google's")


def with_bearer(token: str) -> Request:
    """A request as Google's scheduler sends it."""
    return Request("POST", "/", headers={"authorization": f"Bearer {token}"})


def test_a_clouds_own_scheduler_starts_a_job_where_it_is_known() -> None:
    """By the bearer token that the cloud gave it."""
    check_tick("watch_due", with_bearer("from-google"), SIGNER, now=NOW, scheduler=KnownScheduler())
    with pytest.raises(Unauthenticated):
        check_tick("watch_due", with_bearer("from-elsewhere"), SIGNER, now=NOW, scheduler=KnownScheduler())


def test_a_bearer_token_counts_for_nothing_where_no_scheduler_is_known() -> None:
    """Not even one of ours: the header is the scheduler's alone."""
    token = sign_tick("watch_due", SIGNER, now=NOW, lifetime_seconds=60)
    for bearer in ("from-google", token):
        with pytest.raises(Unauthenticated):
            check_tick("watch_due", with_bearer(bearer), SIGNER, now=NOW)
