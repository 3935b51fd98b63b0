"""JWT: one algorithm, one issuer, one audience, the caller's time (RFC 8725)."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from smartalarm.adapters.tokens import JwtSigner
from smartalarm.errors import Unauthenticated

SECRET = "a-secret-of-thirty-two-characters"
NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {"sub": "ana", "iss": "us", "aud": "them", "iat": AT, "exp": AT + 60}
SIGNER = JwtSigner(SECRET, "us", "them")


def _token(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    """A token made by hand, with some claims changed; None leaves one out."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return _joined({"alg": algorithm, "typ": "JWT"}, claims, secret)


def _joined(header: dict[str, Any], claims: Any, secret: str) -> str:
    text = ".".join(_encode(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{_encode(hmac.digest(secret.encode(), text.encode(), 'sha256'))}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _is_accepted(token: str, now: datetime = NOW, signer: JwtSigner = SIGNER) -> bool:
    try:
        signer.verify(token, now=now)
    except Unauthenticated:
        return False
    return True


def test_what_is_signed_is_read_back() -> None:
    """The claims, and the four that the signer adds."""
    token = SIGNER.sign({"sub": "ana", "use": "access"}, now=NOW, lifetime_seconds=60)

    assert SIGNER.verify(token, now=NOW) == {**CLAIMS, "use": "access"}


def test_a_token_made_by_hand_is_read_too() -> None:
    """So that the refusals below are refused for what they change and nothing else."""
    assert _is_accepted(_token())


def test_nobody_can_claim_to_be_another_issuer_or_to_live_longer() -> None:
    """The signer's own claims win."""
    token = SIGNER.sign({"sub": "ana", "iss": "x", "aud": "x", "exp": AT * 2}, now=NOW, lifetime_seconds=60)

    assert SIGNER.verify(token, now=NOW) == CLAIMS


@pytest.mark.parametrize(("seconds", "accepted"), [(-3600, True), (0, True), (59.999, True), (60, False), (61, False)])
def test_time_is_the_callers_to_the_second(seconds: float, accepted: bool) -> None:  # noqa: FBT001
    """No leeway at the end. One issued by a host whose clock is ahead is as good as any."""
    assert accepted == _is_accepted(_token(), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("claim", ["sub", "iss", "aud", "iat", "exp"])
def test_every_claim_is_required(claim: str) -> None:
    """One that says nothing about its end, issuer or purpose is none of ours."""
    changes: dict[str, Any] = {claim: None}
    assert not _is_accepted(_token(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "others"},
        {"aud": "others"},
        {"aud": ["them"]},
        {"aud": ["them", "others"]},
        {"sub": 3},
        {"exp": str(AT + 60)},
        {"exp": True},
        {"exp": 1e400},
        {"exp": 10**400},
        {"exp": float("nan")},
        {"exp": -1},
        {"iat": "yesterday"},
        {"nbf": AT + 1},
        {"nbf": "now"},
    ],
)
def test_foreign_and_senseless_claims_are_refused(changes: dict[str, Any]) -> None:
    """Although they are signed with our own secret."""
    assert not _is_accepted(_token(**changes))


def test_another_secret_is_refused() -> None:
    """Forged."""
    assert not _is_accepted(_token("another-secret-of-thirty-two-characters"))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "RS256", "", "hs256"])
def test_a_header_cannot_choose_the_algorithm(algorithm: str) -> None:
    """The signature fits HS256, and still."""
    assert not _is_accepted(_token(algorithm=algorithm))
    assert not _is_accepted(_token(algorithm=algorithm).rpartition(".")[0] + ".")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_other_algorithms_with_our_secret_are_refused(algorithm: str) -> None:
    """One algorithm, however good another may be."""
    assert not _is_accepted(jwt.encode(CLAIMS, SECRET * 2, algorithm=algorithm))


def test_algorithm_confusion_is_refused() -> None:
    """Neither a real RSA signature, nor an HMAC keyed with a public key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    assert not _is_accepted(jwt.encode(CLAIMS, private, algorithm="RS256"))
    assert not _is_accepted(_token(public))
    assert not _is_accepted(_joined({"alg": "HS256", "jwk": {"kty": "oct", "k": _encode(b"x")}}, CLAIMS, "x"))


def test_a_token_changed_in_any_place_is_refused() -> None:
    """Every single letter of it."""
    token = _token()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # The last letter of the signature carries two bits that mean nothing; four spellings decode alike.
    for place in range(len(token) - 1):
        other = "." if token[place] != "." else "A"
        swapped = alphabet[(alphabet.find(token[place]) + 1) % 64]
        assert not _is_accepted(token[:place] + other + token[place + 1 :])
        assert not _is_accepted(token[:place] + swapped + token[place + 1 :])


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "é.é.é",
        "\ud800",
        "x" * 5000,
        _token() + ".x",
        _joined({"alg": "HS256", "crit": ["exp"]}, CLAIMS, SECRET),
        _joined({"alg": ["HS256"]}, CLAIMS, SECRET),
        _joined({}, CLAIMS, SECRET),
        _joined({"alg": "HS256"}, [CLAIMS], SECRET),
        _encode(b"[" * 3000) + ".e30.x",
        _encode(b'{"alg":"HS256"}') + "." + _encode(b"[" * 2500) + ".x",
    ],
)
def test_whatever_else_comes_is_refused_as_a_wrong_token(token: str) -> None:
    """Never another error."""
    assert not _is_accepted(token)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=80))
def test_any_text_is_refused_as_a_wrong_token(text: str) -> None:
    """The same for what nobody thought of."""
    assert not _is_accepted(text)
    assert not _is_accepted(f"{text}.{_token().partition('.')[2]}")


def test_a_secret_that_can_be_guessed_is_not_taken() -> None:
    """32 characters are the least."""
    with pytest.raises(ValueError, match="JWT_SECRET_KEY"):
        JwtSigner("x" * 31, "us", "them")


def test_derived_secrets_differ_by_purpose_text_and_secret() -> None:
    """And are the same again otherwise."""
    other = JwtSigner(SECRET + "!", "us", "them")
    derived = [SIGNER.derive("a", "b"), SIGNER.derive("ab", ""), SIGNER.derive("a", "c"), other.derive("a", "b")]

    assert len(set(derived)) == len(derived)
    assert derived[0] == SIGNER.derive("a", "b")
    assert [len(text) for text in derived] == [43] * 4


def test_derivation_is_hkdf_and_hmac_as_others_do_them() -> None:
    """RFC 5869 against an independent implementation."""
    key = HKDF(algorithm=SHA256(), length=32, salt=b"smartalarm", info=b"purpose").derive(SECRET.encode())

    assert _encode(hmac.new(key, b"text", hashlib.sha256).digest()) == SIGNER.derive("purpose", "text")
