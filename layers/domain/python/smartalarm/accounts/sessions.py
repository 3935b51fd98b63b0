"""Sessions: families of refresh tokens, each token good once (RFC 9700, 4.14.2).

A family is the claim `refresh:<family>`; a token is `<family>.<n>.<secret>`. The secret is derived from family, n and a
nonce in the claim under a key that only we have, so nothing stored is a token, any generation can be told from a forgery,
and a successor can be given a second time: to a client that lost the first answer, and to tabs that refresh side by side.

    presented                        claim              answer
    n, secret fits                   n                  rotate: n+1, by compare-and-swap
    n-1, fits, <= 60 s after         n (never used)     the same n again
    any older or later one, fits     n                  the family ends: somebody has a copy
    secret does not fit              any                refused, the family lives on
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.errors import Conflict, Unauthenticated
from smartalarm.instants import instant_to_text, text_to_instant
from smartalarm.ports import Claim, ClaimChange, Clock, Commit, Entropy, Signer, Store
from smartalarm.settings import Settings

GRACE: Final = timedelta(seconds=60)
MAX_TRIES: Final = 5
_TOKEN: Final = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})")
_NONCE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Session:
    """One session with the refresh token that is now to be used."""

    id: str
    user: str
    refresh_token: str


class Sessions:
    """Opens, continues and ends sessions."""

    def __init__(self, store: Store, signer: Signer, entropy: Entropy, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._signer = signer
        self._entropy = entropy
        self._clock = clock
        self._kept = timedelta(days=settings.refresh_token_days)

    def begin(self, user: str, *, now: datetime, is_new_user: bool = False) -> tuple[Session, ClaimChange]:
        """A new session, and the claim to commit before its token is given away."""
        family = self._entropy.uuid()
        value = {
            "n": 1,
            "nonce": self._entropy.token(_NONCE_BYTES),
            "epoch": 0 if is_new_user else self._epoch(user, now),
            "created_at": instant_to_text(now),
            "rotated_at": instant_to_text(now),
        }
        return self._session(family, user, value), self._change(family, user, value, now, expected=0)

    def refresh(self, token: str) -> Session:
        """The session with the token's successor. Raises Unauthenticated: forged, spent, ended or too long unused."""
        for _ in range(MAX_TRIES):
            now = self._clock.now()
            family, generation, claim = self._open(token, now)
            if claim is None:
                break
            current, since_rotation = claim.value["n"], now - text_to_instant(claim.value["rotated_at"])
            if claim.value["epoch"] != self._epoch(claim.owner, now):
                break
            if generation == current - 1 and since_rotation <= GRACE:
                return self._session(family, claim.owner, claim.value)
            if generation != current:
                self.end(family, claim.owner)
                break
            value = {**claim.value, "n": current + 1, "rotated_at": instant_to_text(now)}
            try:
                self._store.change_claim(self._change(family, claim.owner, value, now, expected=claim.version), now=now)
            except Conflict:
                continue  # somebody used the same token at the same time: look again, and get the same successor
            return self._session(family, claim.owner, value)
        raise _ended()

    def end(self, family: str, user: str) -> None:
        """End one session of the user. Idempotent."""
        now = self._clock.now()
        claim = self._store.claim(_key(family), now=now)
        if claim is not None and claim.owner == user:
            self._store.change_claim(ClaimChange(_key(family), user, None, expected=None), now=now)

    def end_by_token(self, token: str) -> str | None:
        """End the session of any of its tokens; whose it was, None when it had ended before.

        Raises Unauthenticated for what is no token of ours.
        """
        family, _, claim = self._open(token, self._clock.now())
        if claim is None:
            return None
        self.end(family, claim.owner)
        return claim.owner

    def end_all(self, user: str) -> None:
        """End every session of the user, by counting up the epoch that each of them was opened in."""
        now = self._clock.now()
        claim = self._store.claim(_epoch_key(user), now=now)
        epoch, version = (claim.value["epoch"], claim.version) if claim else (0, 0)
        change = ClaimChange(_epoch_key(user), user, {"epoch": epoch + 1}, expected=version)
        try:
            self._store.commit(Commit(user, now, claims=(change,)))  # a commit, because an erased user must not get it
        except Conflict:
            return  # somebody counted up since we looked: that ended everything that was open then

    def _open(self, token: str, now: datetime) -> tuple[str, int, Claim | None]:
        """Family, generation and claim of a genuine token; no claim when the family has ended."""
        if not (parts := _TOKEN.fullmatch(token)):
            raise _ended()
        family, generation = parts[1], int(parts[2])
        claim = self._store.claim(_key(family), now=now)
        if claim is not None and not hmac.compare_digest(self._token(family, generation, claim.value["nonce"]), token):
            raise _ended()
        return family, generation, claim

    def _token(self, family: str, generation: int, nonce: str) -> str:
        secret = self._signer.derive("refresh-token", f"{family}.{generation}.{nonce}")
        return f"{family}.{generation}.{secret}"

    def _session(self, family: str, user: str, value: Any) -> Session:
        return Session(family, user, self._token(family, value["n"], value["nonce"]))

    def _change(self, family: str, user: str, value: Any, now: datetime, *, expected: int) -> ClaimChange:
        return ClaimChange(_key(family), user, value, expires_at=now + self._kept, expected=expected)

    def _epoch(self, user: str, now: datetime) -> int:
        claim = self._store.claim(_epoch_key(user), now=now)
        epoch: int = claim.value["epoch"] if claim else 0
        return epoch


def _key(family: str) -> str:
    return f"refresh:{family}"


def _epoch_key(user: str) -> str:
    return f"sessions:{user}"


def _ended() -> Unauthenticated:
    return Unauthenticated("This session has ended. Sign in again.", code="session_ended")
