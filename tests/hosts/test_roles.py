"""Roles of the local host: who serves what, and how processes are named."""

import pytest

from smartalarm.adapters.sql.line import MAX_NAME, channel_of, lock_of
from smartalarm.catalog import load_functions
from smartalarm.hosts.roles import OF_A_WORKER, process_name, served
from smartalarm.settings import Settings

SHARED = Settings(database_provider="postgresql")


@pytest.mark.parametrize("hostname", ["box", "", "a" * 64, 'wéird "host";--', "web-5d9f7c6b8d-x2x7k"])
def test_processes_are_named_apart_also_on_one_host_and_any_port(hostname: str) -> None:
    """The name is part of a channel's, which PostgreSQL cuts at 63 bytes, and of a quoted statement."""
    names = {process_name(SHARED, hostname) for _ in range(100)}
    assert len(names) == len({lock_of(name) for name in names}) == 100
    for name in names:
        assert len(name) <= MAX_NAME
        assert len(channel_of(name).encode()) <= 63
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


def test_alone_on_its_file_a_process_is_named_as_before_it_crashed() -> None:
    """So that it forgets the sockets it held."""
    assert process_name(Settings(), "box") == process_name(Settings(), "another") == "local"


@pytest.mark.parametrize("role", ["all", "web"])
def test_who_is_no_worker_serves_everything(role: str) -> None:
    """Sockets included."""
    functions = load_functions()
    assert served(functions, Settings(smartalarm_role=role)) == functions


def test_a_worker_serves_its_health_and_metrics_alone() -> None:
    """What probes and Prometheus ask."""
    assert {one.name for one in served(load_functions(), Settings(smartalarm_role="worker"))} == OF_A_WORKER
