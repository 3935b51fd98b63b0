"""Randomness from the operating system."""

import secrets
from typing import Final

import uuid_utils

_STEPS: Final = 2**53  # every one of them is a float of its own


class SystemEntropy:
    """`Entropy` of this machine."""

    def uuid(self) -> str:
        """See `Entropy.uuid`."""
        return str(uuid_utils.uuid7())

    def token(self, size: int) -> str:
        """See `Entropy.token`."""
        return secrets.token_urlsafe(size)

    def fraction(self) -> float:
        """See `Entropy.fraction`."""
        return secrets.randbelow(_STEPS) / _STEPS
