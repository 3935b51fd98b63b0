"""Seeing and changing one's own profile and preferences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smartalarm.accounts.profile import ME, PREFERENCES, PROFILE, MeView, ProfileChange
from smartalarm.alarms.former_zones import FORMER_ZONES, with_former_zone
from smartalarm.errors import Conflict, NotFound
from smartalarm.instants import instant_to_text
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Key, Put, Store, Timer
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.overtaken import Overtaken
from smartalarm.ringing.timers import RECOMPUTE, set_timer
from smartalarm.sync.ticking import ticked
from smartalarm.turns import Turns, busy


def read_me(store: Store, user: str) -> MeView:
    """The user's own view. Raises NotFound(code="no_such_user") when the account is gone."""
    return MeView.of(*_read(store, user))


def check_account(store: Store, user: str) -> None:
    """Raise NotFound(code="no_such_user") when the account is gone; an access token outlives it by some minutes.

    For answers that would say "nothing" either way.
    """
    _read(store, user)


def _read(store: Store, user: str) -> tuple[Document, Document | None]:
    profile, preferences = Key(user, PROFILE, ME), Key(user, PREFERENCES, ME)
    found = store.read([profile, preferences])
    if profile not in found or found[profile].deleted:
        raise NotFound("This account no longer exists.", code="no_such_user")
    return found[profile], found.get(preferences)


class Profiles:
    """The profile of one user at a time."""

    def __init__(self, store: Store, direct_path: DirectPath, overtaken: Overtaken, turns: Turns, clock: Clock) -> None:
        self._store = store
        self._direct_path = direct_path
        self._overtaken = overtaken
        self._turns = turns
        self._clock = clock

    def change(self, user: str, change: ProfileChange, *, expected: int | None) -> MeView:
        """Replace some fields whole. Raises Conflict when `expected` is given and not the current version.

        A changed zone moves alarms that follow it: one durable timer in the same commit sees to all of them, so this
        call does not wait for it, however many there are. What was overdue and is not due in the new zone is told here.
        """
        given = change.given()
        for _ in self._turns:
            profile, preferences = _read(self._store, user)
            if expected not in {None, profile.version}:
                raise Conflict("Your profile was changed elsewhere in the meantime. Load it again.", code="stale_version")
            if not given:
                return MeView.of(profile, preferences)
            try:
                return self._change(profile, preferences, given)
            except Conflict as conflict:
                if conflict.code != "stale_version":
                    raise
        raise busy()

    def _change(self, profile: Document, preferences: Document | None, given: Mapping[str, Any]) -> MeView:
        now = self._clock.now()
        own = {name: value for name, value in given.items() if name != PREFERENCES}
        also: tuple[Put, ...] = ()
        if PREFERENCES in given:
            settings = given[PREFERENCES].model_dump(mode="json")
            fields = {**settings, **ticked(preferences, settings, now)}
            also = (Put(PREFERENCES, ME, fields, expected=preferences.version if preferences else 0),)
        self.save(profile, {**own, **ticked(profile, own, now)}, now, also=also)
        return read_me(self._store, profile.user)

    def save(
        self,
        profile: Document,
        written: Mapping[str, Any],
        now: datetime,
        *,
        also: tuple[Put, ...] = (),
        claims: tuple[ClaimChange, ...] = (),
    ) -> Document:
        """Write these fields of the profile, and what else belongs to it, with all that follows. Raises Conflict."""
        user = profile.user
        fields = {**profile.fields, **written, "updated_at": instant_to_text(now)}
        timers: tuple[Timer, ...] = ()
        if fields["time_zone"] != profile.fields["time_zone"]:
            timers = (_recompute_timer(user, now, revision=profile.version + 1),)
            fields["time_zone_since"] = instant_to_text(now)
            fields[FORMER_ZONES] = with_former_zone(profile.fields, now)
            taken = self._overtaken.by_journey(profile, fields["time_zone"], now)
            also = (*also, *self._overtaken.all_but_some(user, taken, now))
        put = Put(PROFILE, ME, fields, expected=profile.version)
        changes = tuple(map(set_timer, timers))
        committed = self._store.commit(Commit(user, now, writes=(put, *also), timers=changes, claims=claims))
        self._direct_path.send(timers)
        return committed.documents[0]


def _recompute_timer(user: str, now: datetime, *, revision: int) -> Timer:
    return Timer(RECOMPUTE, user, due_at=now, purpose=RECOMPUTE, subject="", revision=revision, set_at=now)
