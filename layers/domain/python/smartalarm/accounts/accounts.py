"""Registering and signing in."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from smartalarm.accounts.email_address import MAX_BYTES, address_key
from smartalarm.accounts.password_rules import GivenPassword, check_not_address, normalised
from smartalarm.accounts.profile import ME, PREFERENCES, PROFILE, MeView, NewAccount, Preferences
from smartalarm.accounts.profiles import read_me
from smartalarm.accounts.sessions import Sessions
from smartalarm.accounts.sign_in_limits import SignInLimits
from smartalarm.accounts.staying import SignedIn, Staying
from smartalarm.errors import Conflict, Unauthenticated
from smartalarm.instants import instant_to_text
from smartalarm.ports import ClaimChange, Clock, Commit, Entropy, Passwords, Put, Store


class Credentials(BaseModel):
    """The body of a sign-in. The address is not checked for its shape: an impossible one is simply unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    email: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BYTES)]
    password: GivenPassword


class Accounts:
    """Accounts. The e-mail claim holds the password's hash, so no feed or export ever carries it."""

    def __init__(
        self,
        *,
        store: Store,
        passwords: Passwords,
        entropy: Entropy,
        clock: Clock,
        limits: SignInLimits,
        sessions: Sessions,
        staying: Staying,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._entropy = entropy
        self._clock = clock
        self._limits = limits
        self._sessions = sessions
        self._staying = staying

    def register(self, new: NewAccount, *, client_address: str) -> SignedIn:
        """Make an account and sign in. Raises TooMany, Invalid, Conflict(code="email_taken")."""
        self._limits.count_request(client_address, now=self._clock.now())
        check_not_address(new.password, new.email)
        key = _email_claim(address_key(new.email))
        if self._store.claim(key, now=self._clock.now()):
            raise _email_taken()
        password_hash = self._passwords.hash(normalised(new.password.get_secret_value()))
        user, now = self._entropy.uuid(), self._clock.now()
        profile = {
            "email": new.email,
            "name": new.name or new.email.rpartition("@")[0],
            "locale": new.locale,
            "time_zone": new.time_zone,
            "created_at": instant_to_text(now),
            "updated_at": instant_to_text(now),
        }
        session, session_claim = self._sessions.begin(user, now=now, is_new_user=True)
        commit = Commit(
            user,
            now,
            writes=(
                Put(PROFILE, ME, profile, expected=0),
                Put(PREFERENCES, ME, Preferences().model_dump(mode="json"), expected=0),
            ),
            claims=(ClaimChange(key, user, {"password_hash": password_hash}), session_claim),
            creates_user=True,
        )
        try:
            documents = self._store.commit(commit).documents
        except Conflict as conflict:
            if conflict.code == "lost_claim":
                raise _email_taken() from None
            raise
        return self._staying.signed_in(session, MeView.of(documents[0], documents[1]))

    def log_in(self, credentials: Credentials, *, client_address: str) -> SignedIn:
        """Sign in. Raises TooMany, and Unauthenticated alike, after the same work, for a wrong address or password."""
        now = self._clock.now()
        account = address_key(credentials.email)
        self._limits.count_request(client_address, now=now)
        self._limits.count_guess(account, client_address, now=now)
        claim = self._store.claim(_email_claim(account), now=now)
        password = normalised(credentials.password.get_secret_value())
        fits = self._passwords.verify(claim.value["password_hash"] if claim else None, password)
        if claim is None or not fits:
            raise Unauthenticated("The e-mail address or the password is wrong.", code="wrong_credentials")
        self._limits.forgive(account, client_address)
        session, session_claim = self._sessions.begin(claim.owner, now=self._clock.now())
        self._store.commit(Commit(claim.owner, self._clock.now(), claims=(session_claim,)))
        return self._staying.signed_in(session, read_me(self._store, claim.owner))


def _email_claim(account: str) -> str:
    return f"email:{account}"


def _email_taken() -> Conflict:
    return Conflict("There is an account with this e-mail address already. Sign in instead.", code="email_taken")
