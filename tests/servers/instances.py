"""A cloud's instances of functions on its real runtime: started with the first call, a bounded number, reused, retired.

    with Instances("gcp", functions, environment, home) as instances:
        instances.call("create_alarm", call)

Nothing listens beyond this machine: Google's runtime on a port of 127.0.0.1, Oracle's on a unix socket.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from scripts.manifest.beyond_aws import SECRETS, secrets_of
from smartalarm.function import Declaration
from smartalarm.http import Response
from tests.servers.child import accepts, free_port
from tests.servers.cloud_events import Call, fn_answer, fn_headers
from tests.servers.runtimes import GoogleFunction, OracleFunction, surroundings

Cloud = Literal["gcp", "oci"]
CONCURRENCY: Final[Mapping[Cloud, int]] = {"gcp": 8, "oci": 1}
"""Calls that one instance works on at once: Cloud Run's are threads of ours, fdk takes one after the other."""
MOST: Final = 16
"""Processes alive at once, about 100 MB each: with more wanted, the idle one that was not called for longest is ended."""
MOST_ALIKE: Final = 3
START_SECONDS: Final = 60.0
SPARE_SECONDS: Final = 30.0
LOG: Final = "instance.log"


LibrariesOf = Callable[[Declaration], Path]
"""The folder with what the cloud would install for a function."""


class NoInstance(Exception):
    """The function could not be started; the text is the end of its output."""


@dataclass
class Instance:
    """One process and who talks to it. `busy` counts calls; `cold` is how long the first one took, start included."""

    function: str
    process: subprocess.Popen[bytes]
    send: Callable[[Call], Response]
    is_ready: Callable[[], bool]
    log: Path
    started_at: float
    busy: int = 0
    called_at: float = 0.0
    cold_seconds: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        """End it and what it started, at once: an instance that is taken away says no goodbye."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


class Instances:
    """All instances of one cloud. A function gets the secrets that its manifest gives it, and no other."""

    def __init__(
        self,
        cloud: Cloud,
        functions: Mapping[str, Declaration],
        folder: Path,
        environment: Mapping[str, str],
        home: Path,
        *,
        libraries: LibrariesOf | None = None,
    ) -> None:
        self.cloud = cloud
        self.cold_starts: list[tuple[str, float]] = []
        """(function, seconds from the first call to its answer, the start of the process included)."""
        self._functions = functions
        self._folder = folder
        self._environment = environment
        self._home = home
        self._libraries = libraries
        self._sockets = tempfile.TemporaryDirectory(prefix="fn-")  # a unix socket's path has to be short
        self._free = threading.Condition()
        self._alive: list[Instance] = []
        self._made = 0

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None) -> None:
        """End all of them."""
        with self._free:
            for instance in self._alive:
                instance.kill()
            self._alive.clear()
            self._free.notify_all()
        self._sockets.cleanup()

    def call(self, function: str, call: Call) -> Response:
        """Let an instance of the function answer; one is started when none has room. Raises NoInstance."""
        began_at = time.monotonic()
        instance = self._take(function)
        try:
            with instance.lock if instance.cold_seconds is None else threading.Lock():
                self._await(instance)
            answer = instance.send(call)
        finally:
            with self._free:
                instance.busy -= 1
                instance.called_at = time.monotonic()
                self._free.notify_all()
        if instance.cold_seconds is None:
            instance.cold_seconds = time.monotonic() - began_at
            self.cold_starts.append((function, instance.cold_seconds))
        return answer

    def kill(self, function: str) -> int:
        """Take all instances of a function away, whatever they do; how many there were."""
        with self._free:
            found = [instance for instance in self._alive if instance.function == function]
            for instance in found:
                self._end(instance)
            self._free.notify_all()
        return len(found)

    def alive(self) -> int:
        """How many there are."""
        return len(self._alive)

    def cpu_seconds(self, function: str) -> float:
        """CPU time that the function's living instances have used so far, with all their processes."""
        sessions = {instance.process.pid for instance in self._alive if instance.function == function}
        return sum(_cpu_seconds(stat, sessions) for stat in Path("/proc").glob("[0-9]*/stat"))

    def open_inodes(self) -> set[str]:
        """The inodes of all sockets that living instances have open."""
        sessions = {instance.process.pid for instance in self._alive}
        found: set[str] = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has just ended
                if _session(stat) in sessions:
                    links = [link.readlink().name for link in (stat.parent / "fd").iterdir()]
                    found |= {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
        return found

    def logs(self) -> str:
        """What all of them wrote, also those that are gone."""
        texts = [
            f"== {path.parent.name}\n{path.read_text(errors='replace')}" for path in sorted(self._home.glob(f"*/{LOG}"))
        ]
        return "\n".join(texts)

    def _take(self, function: str) -> Instance:
        with self._free:
            while True:
                for gone in [instance for instance in self._alive if instance.process.poll() is not None]:
                    self._alive.remove(gone)
                alike = [instance for instance in self._alive if instance.function == function]
                room = [instance for instance in alike if instance.busy < CONCURRENCY[self.cloud]]
                if room:
                    chosen = min(room, key=lambda instance: instance.busy)
                elif len(alike) < MOST_ALIKE and self._has_place():
                    chosen = self._start(function)
                    self._alive.append(chosen)
                else:
                    if not self._free.wait(START_SECONDS):
                        raise NoInstance(f"{function}: no instance became free")
                    continue
                chosen.busy += 1
                return chosen

    def _has_place(self) -> bool:
        """Whether another one may be started; an idle one makes place."""
        if len(self._alive) < MOST:
            return True
        idle = [instance for instance in self._alive if not instance.busy]
        if idle:
            self._end(min(idle, key=lambda instance: instance.called_at))
        return bool(idle)

    def _end(self, instance: Instance) -> None:
        instance.kill()
        self._alive.remove(instance)

    def _await(self, instance: Instance) -> None:
        deadline = instance.started_at + START_SECONDS
        while not instance.is_ready():
            if instance.process.poll() is not None or time.monotonic() > deadline:
                tail = instance.log.read_text(errors="replace")[-2000:]
                raise NoInstance(f"{instance.function} did not start:\n{tail}")
            time.sleep(0.01)

    def _start(self, function: str) -> Instance:
        self._made += 1
        home = self._home / f"{function}-{self._made}"
        home.mkdir()
        declaration = self._functions[function]
        seconds = declaration.timeout_seconds + SPARE_SECONDS
        source = self._source(function)
        libraries = self._libraries(declaration) if self._libraries else None
        withheld = set(SECRETS) - set(secrets_of(declaration))
        given = {name: value for name, value in self._environment.items() if name not in withheld}
        seen = {**surroundings(home), **given, **_paths(source, libraries)}
        send: Callable[[Call], Response]
        if self.cloud == "gcp":
            port = free_port()
            seen |= {"PORT": str(port), "HOST": "127.0.0.1", "THREADS": str(CONCURRENCY["gcp"]), "K_SERVICE": function}
            command = [*_python(libraries), "-m", "functions_framework", "--target", "gcp", "--source", str(source)]
            address: Any = ("127.0.0.1", port)
            send = GoogleFunction(port, seconds).send
        else:
            address = f"{self._sockets.name}/{self._made}.sock"
            seen |= {"FN_FORMAT": "http-stream", "FN_LISTENER": f"unix:{address}", "FN_FN_NAME": function}
            seen |= {"FN_MEMORY": str(declaration.memory_mb)}
            fdk = (libraries or Path(sys.executable).parents[1]) / "bin" / "fdk"
            command = [*_python(libraries), str(fdk), str(source), "oci"]
            send = _oracle_send(OracleFunction(address, home / LOG, seconds))
        with (home / LOG).open("wb") as log:
            process = subprocess.Popen(
                command, env=seen, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        return Instance(function, process, send, lambda: accepts(address), home / LOG, time.monotonic())

    def _source(self, function: str) -> Path:
        """The file to run: as it was built, or straight from the source tree."""
        folder = self._folder / function
        built = folder / ("main.py" if self.cloud == "gcp" else "func.py")
        return built if built.is_file() else folder / "handler.py"


def _cpu_seconds(stat: Path, sessions: set[int]) -> float:
    """What a process has used, if it belongs to one of the sessions (proc(5), fields 6, 14 and 15)."""
    try:
        if _session(stat) not in sessions:
            return 0.0
        fields = _fields(stat)
    except OSError:
        return 0.0  # it has just ended
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


def _session(stat: Path) -> int:
    return int(_fields(stat)[3])


def _python(libraries: Path | None) -> list[str]:
    """The interpreter; with libraries of the cloud's own without those that are installed beside it."""
    return [sys.executable] if libraries is None else [sys.executable, "-S"]


def _paths(source: Path, libraries: Path | None) -> dict[str, str]:
    """A built function brings its own package, which goes before one that is installed here."""
    places = [source.parent] if (source.parent / "smartalarm").is_dir() else []
    places += [libraries] if libraries else []
    return {"PYTHONPATH": os.pathsep.join(str(place) for place in places)} if places else {}


def _oracle_send(function: OracleFunction) -> Callable[[Call], Response]:
    """Through the gateway's wrapping, unless the call is wrapped already: as a scheduler's direct one is."""

    def send(call: Call) -> Response:
        if "fn-intent" in call.headers:
            return fn_answer(*function.post(call.headers, call.body))
        headers = dict(call.headers)
        client, host = headers.pop("x-peer"), headers.get("host", "localhost")
        return fn_answer(
            *function.post(fn_headers(_with(call, headers), client=client, host=host, scheme="http"), call.body)
        )

    return send


def _with(call: Call, headers: Mapping[str, str]) -> Call:
    return Call(call.method, call.path, call.query, headers, call.body)
