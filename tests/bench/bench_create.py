"""Creating alarms: requests per second against a plain FastAPI + SQLAlchemy application that does the same work.

Both are one uvicorn process on SQLite (WAL, synchronous=FULL) with the same clients, in turns on the same machine.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, Goal
from tests.bench.load import run_load
from tests.bench.seeding import SeededUser, Seeding
from tests.servers.child import accepts, free_port, running
from tests.servers.local_host import running_local_host

USERS = 1_000  # so many that each has a few dozen alarms at the end
CONNECTIONS = (50, 1)
ROUNDS = 3
SECONDS = {50: 6, 1: 4}
RIVAL = "FastAPI + SQLAlchemy"
SECRET = "a-benchmark-secret-of-more-than-32-characters"


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes a bit more than a minute."""
    rates: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        with Seeding(data_dir, jwt_secret_key=SECRET) as seeding:
            users = seeding.users(USERS)
        with running_local_host(data_dir, JWT_SECRET_KEY=SECRET) as host, _running_rival(data_dir, users) as rival_port:
            ports = {"ours": host.port, RIVAL: rival_port}
            for number in range(ROUNDS + 1):
                for connections in CONNECTIONS:
                    for name, port in ports.items():
                        rate = _rate(port, users, connections, SECONDS[connections] if number else 1)
                        if number:  # the first round only warms up
                            rates.setdefault((name, connections), []).append(rate)
                            say(f"create: {name}, {connections} connections: {rate:.0f} a second")
    return [
        Figure(
            f"create an alarm, {connections} connection{'s' if connections > 1 else ''}",
            statistics.median(rates["ours", connections]),
            "requests/s",
            RIVAL,
            statistics.median(rates[RIVAL, connections]),
            is_more_better=True,
            goal=Goal("ratio", at_least=1.0),
        )
        for connections in CONNECTIONS
    ]


def _rate(port: int, users: list[SeededUser], connections: int, seconds: int) -> float:
    tokens = [user.token for user in users]
    clients = [tokens[i::connections] for i in range(connections)]
    result = run_load(host="127.0.0.1", port=port, script="create", seconds=seconds, clients=clients)
    if result["failures"]:
        raise RuntimeError(f"requests failed: {result['failures']}")
    return len(result["calls"]["create"]) / float(result["seconds"])


@contextmanager
def _running_rival(folder: Path, users: list[SeededUser]) -> Iterator[int]:
    port, ids = free_port(), folder / "users.json"
    ids.write_text(json.dumps([user.id for user in users]))
    command = [sys.executable, "-m", "tests.bench.rival_fastapi", "--port", str(port)]
    command += ["--database", str(folder / "rival.db"), "--secret", SECRET, "--users", str(ids)]
    is_ready = lambda: accepts(("127.0.0.1", port))  # noqa: E731 - a condition in one line
    with running(command, env={}, cwd=Path(__file__).resolve().parents[2], log=folder / "rival.log", is_ready=is_ready):
        yield port
