"""Several processes of the local host on one PostgreSQL, each in its role and with its own data folder."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, LiteralString, Self

import psycopg

from smartalarm.adapters.webpush import generate_vapid_keys
from tests.servers.local_host import RunningLocalHost

CUT: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND datname = current_database()
"""
"""Ends the connections on which the processes of a database listen to each other."""


class Replicas:
    """Replicas by name, that share a database and the secrets; each has its own data folder."""

    def __init__(self, folder: Path, database: str, settings: Mapping[str, str] | None = None, **roles: str) -> None:
        public_key, private_key = generate_vapid_keys()
        self.database = database
        self.hosts: dict[str, RunningLocalHost] = {}
        for name, role in roles.items():
            (folder / name).mkdir()
            self.hosts[name] = RunningLocalHost(
                folder / name,
                {
                    "DATABASE_PROVIDER": "postgresql",
                    "CONNECTION_STRING": database,
                    "JWT_SECRET_KEY": "one secret that both of them share",
                    "VAPID_PUBLIC_KEY": public_key,
                    "VAPID_PRIVATE_KEY": private_key,
                    "PUSH_ALLOWED_HOSTS": "127.0.0.1",
                    "SMARTALARM_ROLE": role,
                    **(settings or {}),
                },
            )
        if web := next((self.hosts[name] for name, role in roles.items() if role == "web"), None):
            for host in self.hosts.values():
                host.settings["API_BASE_URL"] = web.url  # a worker's rings are answered there

    def __enter__(self) -> Self:
        """Start them at the same moment, on a database without tables."""
        with ThreadPoolExecutor(len(self.hosts)) as threads:
            list(threads.map(RunningLocalHost.start, self.hosts.values()))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them."""
        for host in self.hosts.values():
            host.kill()  # also one that is stopped

    def ask(self, query: LiteralString) -> list[tuple[Any, ...]]:
        """Rows."""
        with psycopg.connect(self.database, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query).fetchall()

    def hosts_with_sockets(self) -> list[str]:
        """Names in the table of connections."""
        return [row[0] for row in self.ask("SELECT DISTINCT host FROM connections ORDER BY host")]
