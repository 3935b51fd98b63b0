"""The scheduler's ID tokens, checked against keys that a server on this machine hands out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from smartalarm.adapters.oidc import GoogleSchedulerTokens
from smartalarm.errors import Forbidden, Unauthenticated, Unavailable
from tests.servers.google_tokens import AUDIENCE, EMAIL, GoogleTokens, running_google_tokens

NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)


@pytest.fixture
def google() -> Iterator[GoogleTokens]:
    """Who issues the tokens."""
    with running_google_tokens() as running:
        yield running


@pytest.fixture
def tokens(google: GoogleTokens) -> GoogleSchedulerTokens:
    """What checks them."""
    return GoogleSchedulerTokens(AUDIENCE, EMAIL, google.keys_url)


def test_the_schedulers_own_token_is_accepted_and_its_keys_are_kept(
    google: GoogleTokens, tokens: GoogleSchedulerTokens
) -> None:
    """Keys are fetched once, not with every tick."""
    for _ in range(3):
        tokens.check(google.sign(now=NOW), now=NOW)
    assert google.fetched == 1


def test_a_new_key_is_found_without_a_restart(google: GoogleTokens, tokens: GoogleSchedulerTokens) -> None:
    """Google rotates its keys every few days; the first token by the new one must do."""
    tokens._keys.cooldown_duration = 0
    tokens.check(google.sign(now=NOW), now=NOW)
    google.rotate()
    tokens.check(google.sign(now=NOW), now=NOW)
    assert google.fetched == 2


@pytest.mark.parametrize(
    ("claims", "error", "reason"),
    [
        ({"aud": "https://other.example"}, Unauthenticated, "TICK_AUDIENCE"),
        ({"aud": [AUDIENCE, "https://other.example"]}, Unauthenticated, "TICK_AUDIENCE"),
        ({"iss": "https://evil.example"}, Unauthenticated, "Google did not issue it"),
        ({"exp": int(NOW.timestamp())}, Unauthenticated, "not valid now"),
        ({"exp": None}, Unauthenticated, "did not sign"),
        ({"nbf": int(NOW.timestamp()) + 60}, Unauthenticated, "not valid now"),
        ({"email": "other@project.iam.gserviceaccount.com"}, Forbidden, "TICK_EMAIL"),
        ({"email": None}, Unauthenticated, "did not sign"),
        ({"email_verified": False}, Forbidden, "TICK_EMAIL"),
    ],
)
def test_a_token_that_says_anything_else_is_refused(
    google: GoogleTokens, tokens: GoogleSchedulerTokens, claims: dict[str, Any], error: type[Exception], reason: str
) -> None:
    """Audience, issuer, time, account: each counts, and the refusal says which."""
    with pytest.raises(error, match=reason):
        tokens.check(google.sign(now=NOW, **claims), now=NOW)


def test_a_token_that_google_did_not_sign_is_refused(google: GoogleTokens, tokens: GoogleSchedulerTokens) -> None:
    """Another's key under the same name; no signature; one with a secret of the forger's; what Cloud Run leaves of one."""
    good = google.sign(now=NOW)
    claims = jwt.decode(good, options={"verify_signature": False})
    header = {"kid": jwt.get_unverified_header(good)["kid"]}
    forged = [
        google.forge(now=NOW),
        jwt.encode(claims, "", algorithm="none", headers=header),
        jwt.encode(claims, "a secret of at least 32 characters", algorithm="HS256", headers=header),
        f"{good.rpartition('.')[0]}.SIGNATURE_REMOVED_BY_GOOGLE",
        "nonsense",
        "a.b.c",
        "x" * 5000,
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            tokens.check(token, now=NOW)


def test_forged_tokens_cause_no_flood_of_requests(google: GoogleTokens, tokens: GoogleSchedulerTokens) -> None:
    """A key that nobody knows is looked for, but not with each token."""
    for number in range(20):
        with pytest.raises(Unauthenticated):
            tokens.check(google.sign(now=NOW, kid=f"unknown-{number}"), now=NOW)
    assert google.fetched <= 2


def test_keys_that_cannot_be_had_are_nobodys_fault_but_ours() -> None:
    """503, and the scheduler tries again; never a pass."""
    with running_google_tokens() as google:
        gone, token = google.keys_url, google.sign(now=NOW)
    with pytest.raises(Unavailable):
        GoogleSchedulerTokens(AUDIENCE, EMAIL, gone).check(token, now=NOW + timedelta(seconds=1))
