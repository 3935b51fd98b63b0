"""Connections: which sockets are open, and when each device was last seen."""

import pytest

from smartalarm.ports import Connection, Connections, Store
from tests.contract.samples import NOW, after, new_user


def test_an_open_connection_is_found(connections: Connections) -> None:
    """As it was given, to the microsecond; device and host may be missing."""
    full = Connection("c1=", "anna", "phone", after(0.000001), "host-1")
    bare = Connection("c2", "anna", None, NOW)
    for connection in (full, bare):
        connections.open(connection)

    assert (connections.find("c1="), connections.find("c2"), connections.find("c3")) == (full, bare, None)
    assert connections.of(["anna"]) == {"anna": [bare, full]}


def test_opening_a_second_time_changes_nothing(connections: Connections) -> None:
    """Gateways deliver at least once."""
    first = Connection("c", "anna", "phone", NOW, "host")
    connections.open(first)
    connections.open(Connection("c", "eve", "tablet", after(1), "other"))

    assert connections.find("c") == first
    assert connections.of(["anna", "eve"]) == {"anna": [first]}


def test_a_closed_connection_is_gone(connections: Connections) -> None:
    """Closing is idempotent and touches no other."""
    for name in ("one", "two"):
        connections.open(Connection(name, "anna", None, NOW))
    connections.close("one")
    connections.close("one")
    connections.close("never was")

    assert connections.find("one") is None
    assert [connection.id for connection in connections.of(["anna"])["anna"]] == ["two"]


@pytest.mark.parametrize(("host", "left"), [("a", ["3", "4"]), ("", ["1", "2", "3", "4"]), ("none", ["1", "2", "3", "4"])])
def test_a_process_that_starts_anew_forgets_its_connections(connections: Connections, host: str, left: list[str]) -> None:
    """Those of other processes stay, and those of a gateway, which is none."""
    for name, where in (("1", "a"), ("2", "a"), ("3", "b"), ("4", "")):
        connections.open(Connection(name, "anna", None, NOW, where))
    connections.close_host(host)

    assert [connection.id for connection in connections.of(["anna"])["anna"]] == left
    assert [name for name in "1234" if connections.find(name)] == left


def test_connections_are_listed_by_user_the_oldest_first(connections: Connections) -> None:
    """Users without any are absent; hundreds of users are one question."""
    users = [f"user-{number}" for number in range(300)]
    for user in users[:3]:
        for number in (2, 0, 1):
            connections.open(Connection(f"{user}.{number}", user, None, after(number)))

    assert {user: [f"{user}.{number}" for number in range(3)] for user in users[:3]} == {
        user: [connection.id for connection in mine] for user, mine in connections.of(iter([*users, users[0]])).items()
    }
    assert connections.of([]) == {}


def test_a_device_was_last_seen_at_the_latest_instant(connections: Connections) -> None:
    """An earlier one that comes later changes nothing."""
    for device, seconds in [("phone", 5), ("phone", 5.000001), ("phone", 4), ("tablet", 1), ("tablet", 1)]:
        connections.saw("anna", device, at=after(seconds))
    connections.saw("eve", "phone", at=after(99))

    assert connections.last_seen("anna") == {"phone": after(5.000001), "tablet": after(1)}
    assert connections.last_seen("nobody") == {}


def test_a_forgotten_user_leaves_nothing(connections: Connections) -> None:
    """Neither connections nor sightings; others keep theirs."""
    for user in ("anna", "eve"):
        connections.open(Connection(f"{user}.1", user, "phone", NOW))
        connections.open(Connection(f"{user}.2", user, "phone", NOW))
        connections.saw(user, "phone", at=NOW)
    connections.forget_user("anna")
    connections.forget_user("anna")

    assert (connections.find("anna.1"), connections.last_seen("anna")) == (None, {})
    assert (list(connections.of(["anna", "eve"])), connections.last_seen("eve")) == (["eve"], {"phone": NOW})
    assert connections.find("eve.2")


def test_connections_raise_no_seq(store: Store, connections: Connections) -> None:
    """A socket that opens is nothing to synchronise."""
    user = new_user(store)
    connections.open(Connection("c", user, "phone", NOW))
    connections.saw(user, "phone", at=NOW)

    assert store.seq(user) == 0


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 3000, ""])
def test_an_id_that_nothing_can_have_is_unknown(connections: Connections, name: str) -> None:
    """Ids of connections come from outside."""
    assert connections.find(name) is None
