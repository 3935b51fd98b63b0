"""Replan: when the pinned zone rules changed, every user with a coming ring gets a recompute timer."""

from typing import Final

from smartalarm.alarms.zones import TZDATA_VERSION
from smartalarm.errors import Conflict, NotFound
from smartalarm.ports import ClaimChange, Clock, Commit, Entropy, Store, Telemetry, Timer
from smartalarm.ringing.direct_path import DirectPath
from smartalarm.ringing.timers import RECOMPUTE, new_revision, set_timer

CLAIM: Final = "tzdata"
PAGE: Final = 200
MAX_PAGES: Final = 100_000


class Replan:
    """The daily job. It walks users only when the version differs from the one last planned with."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy, direct_path: DirectPath, telemetry: Telemetry) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._direct_path = direct_path
        self._telemetry = telemetry

    def run(self, version: str = TZDATA_VERSION) -> int:
        """How many users are planned anew. The version is remembered last, so a job that dies starts over."""
        now = self._clock.now()
        claim = self._store.claim(CLAIM, now=now)
        if claim is not None and claim.value.get("version") == version:
            return 0
        planned = 0
        after: str | None = None
        for _ in range(MAX_PAGES if claim is not None else 0):  # a new installation has nothing planned by older rules
            users = self._store.users_with_timers("ring", after=after, limit=PAGE)
            planned += sum(self._plan(user) for user in users)
            if len(users) < PAGE:
                break
            after = users[-1]
        try:
            change = ClaimChange(CLAIM, "system", {"version": version}, expected=claim.version if claim else 0)
            self._store.change_claim(change, now=now)
        except Conflict:
            self._telemetry.log("replan_elsewhere", version=version)
        return planned

    def _plan(self, user: str) -> bool:
        now = self._clock.now()
        timer = Timer(RECOMPUTE, user, now, RECOMPUTE, "", new_revision(self._entropy), now)
        try:
            self._store.commit(Commit(user, now, timers=(set_timer(timer),)))
        except NotFound:
            return False
        self._direct_path.send([timer])
        return True
