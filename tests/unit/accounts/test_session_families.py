"""Any sequence of refreshes with any token ever issued, against a model of what the family may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from smartalarm.accounts.sessions import Sessions
from smartalarm.errors import Unauthenticated
from smartalarm.ports import Clock, Commit, Put, Store
from tests.fakes import memory_world

USERS = ("ana", "bob")


@dataclass
class Family:
    """What the model knows: the tokens in the order they were issued, and when the last one was."""

    user: str
    tokens: list[str]
    rotated_at: datetime
    is_open: bool = True


@dataclass(frozen=True)
class Issued:
    """A token that was given to somebody at some time."""

    family: Family
    generation: int

    @property
    def text(self) -> str:
        """As it was handed out."""
        return self.family.tokens[self.generation]


class Families(RuleBasedStateMachine):
    """Opens families, refreshes with whatever was ever issued, forges, signs out, lets time pass."""

    issued = Bundle("issued")

    def __init__(self) -> None:
        super().__init__()
        injector = memory_world()
        self.store, self.sessions, self.clock = injector.get(Store), injector.get(Sessions), injector.get(Clock)
        self.families: list[Family] = []
        for user in USERS:
            self.store.commit(Commit(user, self.now, (Put("profile", "me", {}),), creates_user=True))

    @property
    def now(self) -> datetime:
        """The world's time."""
        return self.clock.now()

    @rule(target=issued, user=st.sampled_from(USERS))
    def open(self, user: str) -> Issued:
        """Sign in."""
        session, claim = self.sessions.begin(user, now=self.now)
        self.store.commit(Commit(user, self.now, claims=(claim,)))
        self.families.append(Family(user, [session.refresh_token], self.now))
        return Issued(self.families[-1], 0)

    @rule(target=issued, token=issued)
    def refresh(self, token: Issued) -> Issued:
        """Refresh with any token ever issued."""
        return self._refresh(token)

    @precondition(lambda self: self.families)
    @rule(target=issued, back=st.sampled_from([1, 1, 1, 2, 2, 3]), number=st.integers(0, 9))
    def refresh_with_a_late_one(self, back: int, number: int) -> Issued:
        """Refresh as clients do: with the newest token, now and then with the one before."""
        family = self.families[-1 - number % min(2, len(self.families))]
        return self._refresh(Issued(family, max(0, len(family.tokens) - back)))

    def _refresh(self, token: Issued) -> Issued:
        family = token.family
        last = len(family.tokens) - 1
        is_repeat = token.generation == last - 1 and self.now - family.rotated_at <= timedelta(seconds=60)
        expected = family.is_open and (token.generation == last or is_repeat)
        try:
            given = self.sessions.refresh(token.text).refresh_token
        except Unauthenticated:
            assert not expected
            family.is_open = False
            return token
        assert expected
        if is_repeat:
            assert given == family.tokens[last]
        else:
            assert given not in family.tokens
            family.tokens.append(given)
            family.rotated_at = self.now
        return Issued(family, len(family.tokens) - 1)

    @rule(token=issued, generation=st.integers(0, 9), letter=st.sampled_from("AB"))
    def forge(self, token: Issued, generation: int, letter: str) -> None:
        """Refresh with a secret that was never issued: refused, and nothing ends."""
        family, _, secret = token.text.split(".")
        forged = f"{family}.{generation}.{secret[:20]}{letter}{secret[21:]}"
        if forged in token.family.tokens:
            return
        try:
            self.sessions.refresh(forged)
        except Unauthenticated:
            return
        raise AssertionError("a forged token was taken")

    @rule(token=issued)
    def log_out(self, token: Issued) -> None:
        """End a session by any of its tokens."""
        assert self.sessions.end_by_token(token.text) in {token.family.user, None}
        token.family.is_open = False

    @rule(user=st.sampled_from(USERS))
    def log_out_everywhere(self, user: str) -> None:
        """End all sessions of one user."""
        self.sessions.end_all(user)
        for family in self.families:
            family.is_open = family.is_open and family.user != user

    @rule(seconds=st.sampled_from([0.5, 30, 30, 60, 61, 3600]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.wait_until(self.now + timedelta(seconds=seconds))

    @invariant()
    def an_open_family_has_its_claim(self) -> None:
        """What the model says lives is really kept, under the right owner."""
        for family in self.families:
            claim: Any = self.store.claim(f"refresh:{family.tokens[0].split('.')[0]}", now=self.now)
            if family.is_open:
                assert (claim.owner, claim.value["n"]) == (family.user, len(family.tokens))


def test_every_sequence_of_refreshes_keeps_to_the_rules() -> None:
    """One live generation, its predecessor for a minute, and the end of the family for anything older."""
    run_state_machine_as_test(Families, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))
