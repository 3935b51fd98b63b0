"""Writing what was merged: per kind the same commit that REST makes, with all that follows from it."""

from datetime import datetime
from typing import Any, Final

from smartalarm.accounts.profiles import Profiles
from smartalarm.alarms.alarms import MAX_ALARMS
from smartalarm.alarms.saving import Saving
from smartalarm.alarms.skips import MAX_SKIPS, Skips
from smartalarm.errors import Conflict, Invalid
from smartalarm.instants import instant_to_text
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Key, PushService, Put, Store
from smartalarm.ringing.device import PushSubscription
from smartalarm.ringing.devices import MAX_DEVICES
from smartalarm.sync.kinds import WRITABLE
from smartalarm.sync.merge import DELETED, Entity, Merged
from smartalarm.sync.mutation import Mutation, Rejection
from smartalarm.sync.stored import entity_to_put, lacks
from smartalarm.sync.ticking import CLOCKS, content_of

_MOST: Final = {"alarm": MAX_ALARMS, "device": MAX_DEVICES, "skip": MAX_SKIPS}


class QuotaReached(Exception):
    """The user has the most there may be of the kind."""


class Writing:
    """Commits merged entities, each with the record of its mutation."""

    def __init__(
        self, store: Store, clock: Clock, push: PushService, saving: Saving, skips: Skips, profiles: Profiles
    ) -> None:
        self._store = store
        self._clock = clock
        self._push = push
        self._saving = saving
        self._skips = skips
        self._profiles = profiles

    def refuses(self, mutation: Mutation) -> Rejection | None:
        """What only this server can refuse: a push subscription by which it reaches nobody. It asks its settings alone."""
        given = mutation.fields.get("push_subscription") if mutation.kind == "device" else None
        if given is None:
            return None
        try:
            self._push.check(PushSubscription.model_validate(given).to_subscription())
        except Invalid as invalid:
            return Rejection("invalid_value", f"/fields{invalid.errors[0].pointer}")
        return None

    def write(self, user: str, key: Key, known: Document | None, merged: Merged, record: ClaimChange) -> Document:
        """The document as it is stored now. `known` is what was merged with; another one by now is a Conflict.

        Raises QuotaReached, and Conflict with the codes of a commit.
        """
        now, claims = self._clock.now(), (record,)
        if key.kind == "skip":
            return self._write_skip(user, key.id, known, merged.entity, record, now)
        if key.kind == "profile" and known is not None:
            written = {name: merged.entity.fields[name] for name in merged.won}
            return self._profiles.save(known, {**written, CLOCKS: dict(merged.entity.clocks)}, now, claims=claims)
        put = _put(key, known, merged, now)
        if not put.deleted and (known is None or known.deleted):
            self._check_quota(user, key.kind)
        if key.kind == "alarm":
            return self._saving.commit(self._saving.plan(user, known, put, now), claims)
        return self._store.commit(Commit(user, now, writes=(put,), claims=claims)).documents[0]

    def finish(self, user: str, key: Key, known: Document | None) -> None:
        """See to what a push that broke off right after its commit may have left undone: the ring of a deleted alarm."""
        if key.kind == "alarm" and known is not None and known.deleted:
            self._saving.stop(user, key.id)

    def _write_skip(
        self, user: str, occurrence_id: str, known: Document | None, entity: Entity, record: ClaimChange, now: datetime
    ) -> Document:
        around = self._skips.around(user, occurrence_id, now)
        if _version(around.known) != _version(known):
            raise Conflict(code="stale_version")
        if known is None:
            self._check_quota(user, "skip")
        wall = around.wall or (known.fields.get("wall") if known else None)
        fields = {**entity.fields, CLOCKS: dict(entity.clocks), **({"wall": wall} if wall else {})}
        return self._skips.save(user, around, fields, now, (record,))

    def _check_quota(self, user: str, kind: str) -> None:
        if kind in _MOST and self._store.count(user, kind) >= _MOST[kind]:
            raise QuotaReached(kind)


def _put(key: Key, known: Document | None, merged: Merged, now: datetime) -> Put:
    """The entity with what the server keeps beside it: when it came to be and changed, what a push service said."""
    own = content_of(known.fields) if known else {}
    kept: dict[str, Any] = {name: value for name, value in own.items() if name not in WRITABLE[key.kind] | {DELETED}}
    if key.kind in {"alarm", "device"} and not lacks(key.kind, merged.entity):
        kept = {"created_at": instant_to_text(now), **kept, "updated_at": instant_to_text(now)}
    if key.kind == "device" and "push_subscription" in merged.won:
        kept |= {"push_lost_at": None, "reported_at": None}  # as PUT: it starts anew
    return entity_to_put(key.kind, key.id, merged.entity, kept, expected=_version(known), now=now)


def _version(document: Document | None) -> int:
    return document.version if document else 0
