"""Staying signed in, and signing out: what needs a session, but no password."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from smartalarm.accounts.access import CurrentUser, sign_access_token
from smartalarm.accounts.profile import MeView
from smartalarm.accounts.profiles import read_me
from smartalarm.accounts.sessions import Session, Sessions
from smartalarm.errors import NotFound, Unauthenticated
from smartalarm.ports import Clock, Signer, Store

RefreshToken = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RefreshRequest(BaseModel):
    """The body of a refresh; browsers send none, or `{}`, with the cookie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refresh_token: RefreshToken | None = None


class LogOutRequest(BaseModel):
    """The body of a sign-out, all of it optional."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    everywhere: bool = False
    refresh_token: RefreshToken | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the two tokens that show it."""

    user: MeView
    access_token: str
    refresh_token: str


class Staying:
    """Goes on with sessions, and ends them."""

    def __init__(self, store: Store, signer: Signer, clock: Clock, sessions: Sessions) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._sessions = sessions

    def signed_in(self, session: Session, user: MeView) -> SignedIn:
        """The session with a new access token."""
        access_token = sign_access_token(self._signer, session.user, session.id, now=self._clock.now())
        return SignedIn(user, access_token, session.refresh_token)

    def refresh(self, refresh_token: str) -> SignedIn:
        """Go on with a session. Raises Unauthenticated when it has ended, or the account has."""
        session = self._sessions.refresh(refresh_token)
        try:
            return self.signed_in(session, read_me(self._store, session.user))
        except NotFound:
            raise Unauthenticated("This account no longer exists.") from None

    def log_out(self, user: CurrentUser | None, refresh_tokens: Iterable[str], *, is_everywhere: bool) -> None:
        """End the sessions that the access token and the refresh tokens belong to; or all sessions of their users.

        Access tokens stay good until they expire, 15 minutes at most. A session that ended before is fine; raises
        Unauthenticated when nothing given names a session, or no user can be told from it and `is_everywhere`.
        """
        owners: set[str | None] = set()
        if user is not None:
            self._sessions.end(user.session_id, user.id)
            owners.add(user.id)
        for token in refresh_tokens:
            try:
                owners.add(self._sessions.end_by_token(token))
            except Unauthenticated:
                continue  # not a token of ours: it names nobody
        if not owners or (is_everywhere and owners == {None}):
            raise Unauthenticated("There is no session to end here.")
        for owner in owners if is_everywhere else ():
            if owner is not None:
                self._sessions.end_all(owner)
