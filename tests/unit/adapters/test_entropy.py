"""Ids and randomness of the machine."""

import base64
import uuid

from smartalarm.adapters.entropy import SystemEntropy

ENTROPY = SystemEntropy()


def test_ids_are_uuids_of_version_7_in_their_canonical_form() -> None:
    """RFC 9562; each is another one, and they sort by the time they were made."""
    ids = [ENTROPY.uuid() for _ in range(200)]

    assert ids == [str(uuid.UUID(text)) for text in ids]
    assert {7} == {uuid.UUID(text).version for text in ids}
    assert len(set(ids)) == 200
    assert [text[:13] for text in ids] == sorted(text[:13] for text in ids)


def test_tokens_are_as_many_random_bytes_as_asked_for() -> None:
    """base64url without padding."""
    tokens = {ENTROPY.token(16) for _ in range(50)}

    assert len(tokens) == 50
    assert {16} == {len(base64.urlsafe_b64decode(token + "==")) for token in tokens}
    assert not [token for token in tokens if "=" in token]


def test_fractions_lie_between_zero_and_one() -> None:
    """One excluded."""
    fractions = [ENTROPY.fraction() for _ in range(500)]

    assert min(fractions) >= 0
    assert max(fractions) < 1
    assert len(set(fractions)) > 490
