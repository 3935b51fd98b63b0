"""If-Match and Idempotency-Key, read from headers."""

import pytest

from smartalarm.errors import Invalid
from smartalarm.http import Request
from smartalarm.preconditions import IdempotencyKey, IfMatch


def _request(body: bytes = b"", method: str = "POST", path: str = "/x", **headers: str) -> Request:
    return Request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body)


@pytest.mark.parametrize(("text", "version"), [('"3"', 3), ('W/"3"', 3), (' "12" ', 12), ("*", None), ('"0"', 0)])
def test_a_tag_is_read_as_its_version(text: str, version: int | None) -> None:
    """A weak one too: gateways that compress weaken tags."""
    assert IfMatch(version) == IfMatch.from_request(_request(if_match=text))


def test_without_the_header_any_version_is_meant() -> None:
    """The last writer wins."""
    assert IfMatch(None) == IfMatch.from_request(_request())


@pytest.mark.parametrize("text", ["", "3", '"abc"', '"3', '"-1"', '"3", "4"', '"1e3"', f'"{"9" * 19}"', 'w/"3"', '"\u0663"'])
def test_what_is_no_tag_of_ours_is_refused_by_name(text: str) -> None:
    """Ignoring it would overwrite what the caller wanted to protect."""
    with pytest.raises(Invalid) as caught:
        IfMatch.from_request(_request(if_match=text))

    assert caught.value.errors[0].pointer == "/if-match"


@pytest.mark.parametrize("key", ["a", "x" * 255, "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f", '"quoted"', "~!"])
def test_a_key_is_visible_ascii(key: str) -> None:
    """Up to 255 characters of it."""
    assert key == IdempotencyKey.from_request(_request(idempotency_key=key)).key


def test_without_a_key_a_request_has_none() -> None:
    """It is not idempotent then."""
    assert IdempotencyKey.from_request(_request()).key is None


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é", "a\tb", "\x7f"])
def test_other_keys_are_refused_by_name(key: str) -> None:
    """An empty one too: it is no key, and the caller thinks it is."""
    with pytest.raises(Invalid) as caught:
        IdempotencyKey.from_request(_request(idempotency_key=key))

    assert caught.value.errors[0].pointer == "/idempotency-key"


def test_the_fingerprint_tells_requests_apart() -> None:
    """By method, path and body; where one ends and the next begins counts."""
    requests = [
        _request(),
        _request(b"{}"),
        _request(path="/y"),
        _request(method="PUT"),
        _request(b"y", path="/x"),
        _request(b"", path="/xy"),
    ]
    fingerprints = [IdempotencyKey.from_request(request).fingerprint for request in requests]

    assert len(set(fingerprints)) == len(requests)
    assert fingerprints[0] == IdempotencyKey.from_request(_request(idempotency_key="other")).fingerprint
