"""Pushes through the real endpoint on every backend: whatever clients send, all ends as the pure merge says."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartalarm import ports
from smartalarm.accounts.profile import Preferences
from smartalarm.ports import Key
from smartalarm.sync.canonical import canonical_json
from smartalarm.sync.clock import Stamp, tick, unix_ms
from smartalarm.sync.merge import Entity
from smartalarm.sync.mutation import Mutation
from smartalarm.sync.stored import entity_of
from smartalarm.sync.values import with_checked_values
from tests.contract.backends import Backend
from tests.functions.pushing import push, written
from tests.stage import Stage
from tests.unit.sync.space import Space

ALARMS = ["0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f", "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60"]
SCHEDULES = [
    {"start": "2026-12-05T07:00:00"},
    {"start": "2026-12-05T08:00:00", "rrule": "FREQ=DAILY", "exdates": [], "rdates": []},
]
SUBSCRIPTION = {"endpoint": "https://push.example/phone", "keys": {"p256dh": "x", "auth": "y"}}
_people = count(1)


def some(required: dict[str, Any], **others: Any) -> st.SearchStrategy[dict[str, Any]]:
    """At least one of the fields."""
    every = {**required, **others}
    names = st.lists(st.sampled_from(sorted(every)), min_size=1, max_size=4, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: every[name] for name in chosen}))


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values."""
    return st.sampled_from(values)


flags = st.booleans()
alarms = some(
    {"label": one_of("a", "b", "\U0001f600"), "schedule": st.sampled_from(SCHEDULES)},
    enabled=flags,
    deleted=flags,
    tags=one_of([], ["x"], ["x", "y"]),
    snooze=one_of({}, {"minutes": 5}, {"minutes": 9, "limit": 3}),
    time_zone=one_of(None, "Asia/Tokyo"),
)
devices = some(
    {"name": one_of("Phone", "Mine")},
    ring=one_of("always", "never"),
    deleted=flags,
    push_subscription=one_of(None, SUBSCRIPTION),
)
preferences = some({"theme": one_of("dark", "light")}, larger_text=flags, sleep_goal_minutes=one_of(420, 480))
profiles = some({"name": one_of("Ann", "Anna")}, locale=one_of("en", "es"), time_zone=one_of("Europe/Madrid", "Asia/Tokyo"))
skips = st.fixed_dictionaries({"skipped": flags})
targets = st.one_of(
    st.tuples(st.just("alarm"), st.sampled_from(ALARMS), alarms),
    st.tuples(st.just("alarm"), st.sampled_from(ALARMS), alarms),
    st.tuples(st.just("skip"), st.sampled_from([f"{one}:20261205T060000Z" for one in ALARMS]), skips),
    st.tuples(st.just("device"), st.just(ALARMS[0]), devices),
    st.tuples(st.just("settings"), st.just("me"), preferences),
    st.tuples(st.just("profile"), st.just("me"), profiles),
    st.tuples(st.just("alarm"), st.just(ALARMS[0]), st.just({"label": ""})),
    st.tuples(st.just("alien"), st.just("me"), st.just({"label": "a"})),
)
offsets = st.sampled_from([-3_600_000, -60_000, -2, -1, 0, 0, 1, 60_000, 3_600_000])
"""Milliseconds from now; the last one is clamped."""
writes = st.tuples(targets, offsets, st.sampled_from([0, 1, 0xFFFF]), st.sampled_from(["phone", "tablet"]))


PUT = {"name": "Put", "ring": "backup"}
REQUIRED = {"alarm": {"label", "schedule"}, "device": {"name"}, "settings": set(), "profile": set()}
EDITS: dict[str, tuple[str, str, Any, str, dict[str, Any]]] = {
    "patch": ("PATCH", f"/alarms/{ALARMS[0]}", {"label": "Rest"}, "alarm", {"label": "Rest"}),
    "move": ("PATCH", f"/alarms/{ALARMS[1]}", {"schedule": SCHEDULES[1]}, "alarm", {"schedule": SCHEDULES[1]}),
    "delete": ("DELETE", f"/alarms/{ALARMS[0]}", None, "alarm", {"deleted": True}),
    "put": (
        *("PUT", f"/devices/{ALARMS[0]}", PUT, "device"),
        {**PUT, "platform": "web", "push_subscription": None, "deleted": False},
    ),
    "remove": ("DELETE", f"/devices/{ALARMS[0]}", None, "device", {"push_subscription": None, "deleted": True}),
    "prefer": (
        *("PATCH", "/me", {"settings": {"theme": "light"}}, "settings"),
        {**Preferences().model_dump(mode="json"), "theme": "light"},
    ),
    "name": ("PATCH", "/me", {"name": "Rest"}, "profile", {"name": "Rest"}),
}
"""Calls by REST, and what each writes: what it was given, or all that it replaces."""


steps = st.lists(
    st.one_of(st.lists(writes, min_size=1, max_size=5), st.just("again"), st.sampled_from(sorted(EDITS))),
    min_size=1,
    max_size=7,
)


class Meeting:
    """One user's pushes to the product and to the model alike."""

    def __init__(self, backend: Backend, stage: Stage) -> None:
        self.stage, self.store = stage, backend.store
        stage.clock.advance(16 * 60)  # windows of limits on registering end
        self.user = stage.sign_up(f"p{next(_people)}@example.org")
        self.space = Space()
        for kind in ("profile", "settings"):
            found = self.store.read([key := Key(self.user, kind, "me")])[key]
            self.space.entities[kind, "me"] = entity_of(found)
        self.sent: list[dict[str, Any]] = []
        self._ids = count(1)

    def push(self, drawn: list[Any]) -> None:
        """New mutations, made now."""
        ms = unix_ms(self.stage.clock.now())
        mutations = [
            {
                "id": f"m{next(self._ids)}",
                "kind": kind,
                "entity_id": entity_id,
                "fields": fields,
                "clock": str(Stamp(ms + offset, counter, client)),
            }
            for (kind, entity_id, fields), offset, counter, client in drawn
        ]
        self.sent += mutations
        self._push(mutations)

    def push_again(self) -> None:
        """The answers were lost: the last ones come once more, backwards."""
        self._push(self.sent[:-6:-1])

    def edit(self, name: str) -> None:
        """A REST write is a write of the server's, past all that there is."""
        method, path, body, kind, written_fields = EDITS[name]
        key = kind, "me" if path == "/me" else path.rpartition("/")[2]
        known = self.space.entities.get(key, Entity())
        is_there = REQUIRED[kind] <= known.fields.keys() and not known.is_deleted
        answer = self.stage.send(method, path, body)
        assert (answer.status < 400) == (is_there or method == "PUT"), answer
        if answer.status < 400:
            clock = tick("server", now=self.stage.clock.now(), seen=known.greatest_clock)
            mutation = Mutation(f"rest{next(self._ids)}", *key, written_fields, clock)
            self.space.push([as_kept(mutation)], self.stage.clock.now())

    def _push(self, mutations: list[dict[str, Any]]) -> None:
        if not mutations:
            return
        expected = self.space.push([as_kept(Mutation(**mutation)) for mutation in mutations], self.stage.clock.now())
        told = push(self.stage, *mutations)
        assert [(o["id"], o["outcome"], o["clock"]) for o in expected] == [(o["id"], o["outcome"], o["clock"]) for o in told]

    def check(self) -> None:
        """Every entity holds what the model holds, and only what lives is seen by REST."""
        keys = [Key(self.user, kind, entity_id) for kind, entity_id in self.space.entities]
        found = self.store.read(keys)
        for key in keys:
            entity = self.space.entities[key.kind, key.id]
            if not entity.clocks:
                continue
            kept = written(found[key])
            assert canonical_json({name: entity.fields[name] for name in entity.clocks}) == canonical_json(kept.fields)
            assert dict(entity.clocks) == dict(kept.clocks)
            assert key.kind == "skip" or found[key].deleted == (found[key].expires_at is not None)
        live = {
            entity_id
            for (kind, entity_id), entity in self.space.entities.items()
            if kind == "alarm" and not entity.is_deleted and {"label", "schedule"} <= entity.fields.keys()
        }
        items = self.stage.call("GET", "/alarms")["items"]
        assert live == {item["id"] for item in items}
        due = {item["id"] for item in items if item["enabled"]}
        timers = {timer.id for timer in self.store.timers(self.user) if timer.purpose == "ring"}
        assert timers == {f"alarm:{alarm_id}" for alarm_id in due}


def as_kept(mutation: Mutation) -> Mutation:
    """The model knows no spellings: it is given values as the product keeps them, and one that no model takes if wrong."""
    if mutation.kind == "alien":
        return mutation
    checked = with_checked_values(mutation)
    return checked if isinstance(checked, Mutation) else replace(mutation, fields={"label": float("inf")})


def test_whatever_is_pushed_ends_as_the_pure_merge_says(backend: Backend) -> None:
    """Out of order, doubled, clamped, incomplete, deleted, revived, refused, and met by REST."""
    stage = Stage(
        {
            ports.Store: lambda: backend.store,
            ports.Counters: lambda: backend.counters,
            ports.Connections: lambda: backend.connections,
        }
    )
    is_quick = backend.name in {"memory", "sqlite"}

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=80 if is_quick else 6,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(steps)
    def holds(taken: list[Any]) -> None:
        meeting = Meeting(backend, stage)
        for step in taken:
            if step == "again":
                meeting.push_again()
            elif isinstance(step, str):
                meeting.edit(step)
            else:
                meeting.push(step)
            stage.clock.wait_until(stage.clock.now() + timedelta(milliseconds=2))
        meeting.check()

    holds()
