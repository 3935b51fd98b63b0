"""Clients that go offline, lose answers and have wrong clocks: all end where the server does, and nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from smartalarm.sync.clock import greatest, tick
from smartalarm.sync.merge import Entity, apply, merge
from smartalarm.sync.mutation import Mutation
from tests.unit.sync.space import Space
from tests.unit.sync.strategies import NOW, field_sets, same, steady

IDS = ["one", "two"]
SKEWS = [
    timedelta(days=-100),
    timedelta(days=-1),
    timedelta(0),
    timedelta(minutes=4),
    timedelta(minutes=6),
    timedelta(days=400),
]


@dataclass
class Client:
    """A device: what the server last said, and what it has not heard of yet."""

    name: str
    base: dict[str, Entity] = field(default_factory=dict)
    outbox: list[Mutation] = field(default_factory=list)
    made: list[Mutation] = field(default_factory=list)

    def edit(self, entity_id: str, fields: dict[str, Any], now: datetime) -> None:
        """Write into the outbox, after every clock in sight."""
        held = [entity.greatest_clock for entity in self.base.values()]
        seen = greatest([*held, *(mutation.clock for mutation in self.outbox)])
        mutation = Mutation(f"{self.name}{len(self.made)}", "alarm", entity_id, fields, tick(self.name, now=now, seen=seen))
        self.outbox.append(mutation)
        self.made.append(mutation)

    def push(self, server: Space, count: int, now: datetime, *, is_answer_lost: bool) -> None:
        """Send the oldest; what is answered leaves the outbox, and base takes the clock that was recorded."""
        sent = self.outbox[:count]
        outcomes = server.push(sent, now)
        if is_answer_lost:
            return
        self.outbox = self.outbox[count:]
        for mutation, outcome in zip(sent, outcomes, strict=True):
            if outcome["outcome"] != "rejected":
                entity = self.base.get(mutation.entity_id, Entity())
                self.base[mutation.entity_id] = apply(entity, mutation.fields, outcome["clock"]).entity

    def pull(self, server: Space) -> None:
        """Base is replaced, never merged."""
        self.base = {entity_id: entity for (_, entity_id), entity in server.entities.items()}

    def shown(self) -> dict[str, Entity]:
        """Base and outbox."""
        shown = dict(self.base)
        for mutation in self.outbox:
            shown[mutation.entity_id] = apply(
                shown.get(mutation.entity_id, Entity()), mutation.fields, mutation.clock
            ).entity
        return shown


edits = st.tuples(st.just("edit"), st.integers(0, 2), st.sampled_from(IDS), field_sets)
pushes = st.tuples(st.just("push"), st.integers(0, 2), st.integers(1, 4), st.booleans())
pulls = st.tuples(st.just("pull"), st.integers(0, 2), st.none(), st.none())
waits = st.tuples(st.just("wait"), st.integers(0, 2), st.integers(0, 600), st.none())
skews = st.tuples(st.just("skew"), st.integers(0, 2), st.sampled_from(SKEWS), st.none())
scripts = st.lists(edits | edits | pushes | pulls | waits | skews, max_size=25)


def live(script: Sequence[tuple[str, int, Any, Any]]) -> tuple[Space, list[Client]]:
    """Play the script, then let every client send all it has and pull."""
    server, now = Space(), NOW
    clients = [Client(name) for name in "abc"]
    clock_errors = [timedelta(0)] * 3
    for what, which, first, second in script:
        client = clients[which]
        if what == "edit":
            client.edit(first, second, now + clock_errors[which])
        elif what == "push":
            client.push(server, first, now, is_answer_lost=second)
        elif what == "pull":
            client.pull(server)
        elif what == "wait":
            now += timedelta(seconds=first)
        else:
            clock_errors[which] = first
    for client in clients:
        client.push(server, len(client.outbox), now, is_answer_lost=True)
        client.push(server, len(client.outbox), now, is_answer_lost=False)
    for client in clients:
        client.pull(server)
    return server, clients


def recorded(server: Space, clients: list[Client]) -> list[Mutation]:
    """All mutations that the server did not reject, with the clocks that it recorded."""
    return [
        replace(mutation, clock=server.answers[mutation.id]["clock"])
        for client in clients
        for mutation in client.made
        if server.answers[mutation.id]["outcome"] != "rejected"
    ]


def as_text(entities: dict[str, Entity]) -> dict[str, tuple[str, str]]:
    """What must be equal."""
    return {entity_id: same(entity) for entity_id, entity in entities.items()}


@settings(steady, max_examples=200)
@given(scripts)
def test_all_clients_end_where_the_server_does(script: list[tuple[str, int, Any, Any]]) -> None:
    """Whatever was lost and sent again, and however wrong the clocks were."""
    server, clients = live(script)
    kept = {entity_id: entity for (_, entity_id), entity in server.entities.items()}
    for client in clients:
        assert client.outbox == []
        assert as_text(kept) == as_text(client.shown())


@settings(steady, max_examples=200)
@given(st.data(), scripts)
def test_what_was_recorded_comes_to_the_same_in_any_order(
    data: st.DataObject, script: list[tuple[str, int, Any, Any]]
) -> None:
    """So no acknowledged mutation is lost and no rejected one counts: the recorded ones alone make the state."""
    server, clients = live(script)
    rebuilt: dict[str, Entity] = {}
    for mutation in data.draw(st.permutations(recorded(server, clients) * 2)):
        written = Entity(mutation.fields, dict.fromkeys(mutation.fields, mutation.clock))
        rebuilt[mutation.entity_id] = merge(written, rebuilt.get(mutation.entity_id, Entity()))
    assert as_text({entity_id: entity for (_, entity_id), entity in server.entities.items()}) == as_text(rebuilt)


@settings(steady, max_examples=200)
@given(scripts)
def test_what_one_client_wrote_later_has_the_later_clock(script: list[tuple[str, int, Any, Any]]) -> None:
    """Per entity, clamped or not: its own newest edit is never silenced by its own older one."""
    server, clients = live(script)
    for client in clients:
        for entity_id in IDS:
            own = [mutation.clock for mutation in recorded(server, [client]) if mutation.entity_id == entity_id]
            assert sorted(set(own)) == own


@settings(steady, max_examples=200)
@given(scripts)
def test_no_recorded_clock_runs_away(script: list[tuple[str, int, Any, Any]]) -> None:
    """None is more than five minutes and a tick ahead of when it was pushed, so one wrong clock cannot rule for long."""
    server, clients = live(script)
    end = NOW + timedelta(seconds=sum(first for what, _, first, _ in script if what == "wait"))
    latest = tick("z", now=end + timedelta(minutes=5, milliseconds=1), seen=None)
    assert all(mutation.clock <= latest for mutation in recorded(server, clients))
