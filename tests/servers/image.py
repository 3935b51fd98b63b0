"""The Dockerfile carried out without docker: its steps for real in a folder that becomes a root file system.

    with built_image(folder) as image:                     # FROM is this machine's system, mounted read-only
                                                           # stages before the last one are kept below .cache
        with image.running({"PORT": "8123"}) as process:   # as the image's own user, root file system read-only
            ...

It needs what a container needs: root, and mount namespaces. Each command gets its own namespace, so nothing stays mounted.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]
DOCKERFILE = REPO / "infra" / "container" / "Dockerfile"
CACHE = REPO / ".cache" / "image"
LAST = "last"
STEP_SECONDS = 600
BASE = ("/bin", "/etc", "/lib", "/lib64", "/usr")
MADE = ("dev", "proc", "root", "tmp", "opt", "build")


class ImageMissing(Exception):
    """It cannot be carried out here; the text says why in one line."""


@dataclass
class Stage:
    """One stage: its root and what its instructions set."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    workdir: str = "/"
    settings: dict[str, Any] = field(default_factory=dict)


class Image:
    """The last stage. `settings` holds ENTRYPOINT, HEALTHCHECK, VOLUME, EXPOSE, STOPSIGNAL."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.settings = stage.settings

    def command(self, arguments: list[str], env: Mapping[str, str], data: Path) -> list[str]:
        """The command that runs in the image: read-only but for /tmp and /data, without any privilege."""
        return _in_root(self.stage, arguments, env, writable={"/data": data, "/tmp": None})  # noqa: S108  the image's

    @contextmanager
    def running(self, env: Mapping[str, str], data: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
        """The ENTRYPOINT; `data` is its volume. Killed at the end if it still runs."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                self.command(self.settings["ENTRYPOINT"], env, data), stdout=output, stderr=output, env={}
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait(10)


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, rest of its line) in order, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name.upper(), rest.strip()) for name, _, rest in (line.strip().partition(" ") for line in joined.splitlines())]


def ignored() -> set[str]:
    """The paths that .dockerignore lets through (lines with "!")."""
    return {line[1:] for line in (REPO / ".dockerignore").read_text().splitlines() if line.startswith("!")}


@contextmanager
def built_image(folder: Path) -> Iterator[Image]:
    """Carry the Dockerfile out below the folder. Raises ImageMissing."""
    _check_machine()
    stages: dict[str, Stage] = {}
    for label, steps in _stages(DOCKERFILE.read_text()).items():
        kept = CACHE / label
        wanted = hashlib.sha256(repr([steps, _sources(steps)]).encode()).hexdigest()
        is_kept = label != LAST and (kept / "built").is_file() and (kept / "built").read_text() == wanted
        if label != LAST and not is_kept:
            shutil.rmtree(kept, ignore_errors=True)
        root = folder / label if label == LAST else kept / "root"
        stage = stages[label] = Stage(root if is_kept else _new_root(root))
        for name, rest in steps:
            if not (is_kept and name in {"RUN", "COPY"}):
                _carry_out(stage, name, rest, stages)
        if label != LAST:
            (kept / "built").write_text(wanted)
    yield Image(stages[LAST])


def _stages(text: str) -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    steps: list[tuple[str, str]] = []
    for name, rest in instructions(text):
        if name == "FROM":
            steps = found[rest.split(" AS ")[1] if " AS " in rest else LAST] = []
        elif name != "ARG":
            steps.append((name, rest))
    return found


def _sources(steps: list[tuple[str, str]]) -> list[bytes]:
    """What the files hold that an early stage copies from the repository."""
    copied = [REPO / word for name, rest in steps if name == "COPY" for word in shlex.split(rest)[:-1] if "=" not in word]
    paths = [inner for path in copied for inner in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return [path.read_bytes() for path in paths if path.is_file()]


def _carry_out(stage: Stage, name: str, rest: str, stages: Mapping[str, Stage]) -> None:
    if name == "RUN":
        command = _in_root(stage, ["/bin/sh", "-c", rest], _index_settings(), writable=None)
        subprocess.run(command, check=True, env={}, timeout=STEP_SECONDS, stdout=subprocess.DEVNULL)
    elif name == "COPY":
        _copy(stage, shlex.split(rest), stages)
    elif name == "ENV":
        for pair in shlex.split(rest):
            key, _, value = pair.partition("=")
            stage.env[key] = value.replace("$PATH", stage.env.get("PATH", "/usr/local/bin:/usr/bin:/bin"))
    elif name == "USER":
        stage.user = rest
    elif name == "WORKDIR":
        stage.workdir = rest
    elif name in {"ENTRYPOINT", "VOLUME"}:
        stage.settings[name] = json.loads(rest)
    elif name == "HEALTHCHECK":
        stage.settings[name] = json.loads(rest.partition("CMD ")[2])
    elif name in {"EXPOSE", "STOPSIGNAL", "LABEL"}:
        stage.settings[name] = rest
    else:
        raise AssertionError(f"the Dockerfile uses {name}, which nobody carries out here")


def _copy(stage: Stage, words: list[str], stages: Mapping[str, Stage]) -> None:
    *sources, target = [word for word in words if not word.startswith("--")]
    origin = next((stages[word.partition("=")[2]].root for word in words if word.startswith("--from=")), None)
    for source in sources:
        if origin is None and source not in ignored():
            raise AssertionError(f".dockerignore keeps {source} from the builder")
        found = (origin / source.lstrip("/")) if origin else REPO / source
        goal = stage.root / target.lstrip("/")
        goal = goal / found.name if target.endswith("/") else goal
        goal.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            skipped = None if origin else shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(found, goal, symlinks=True, dirs_exist_ok=True, ignore=skipped)
        else:
            shutil.copy(found, goal)


def _new_root(root: Path) -> Path:
    for name in (*MADE, *(place.lstrip("/") for place in BASE)):
        (root / name).mkdir(parents=True, mode=0o755)
    (root / "tmp").chmod(0o1777)
    return root


def _in_root(
    stage: Stage, arguments: list[str], env: Mapping[str, str], *, writable: Mapping[str, Path | None] | None
) -> list[str]:
    """A command line: a mount namespace, this machine's system below the root, and there, as the user, the command.

    `writable`: None leaves the root writable (a build step); else only these places are (None: an empty one in memory).
    """
    root = stage.root
    python = Path(sys.base_prefix)
    steps = ["set -e", "mount --make-rprivate /"]
    steps += [
        f"mount --bind {place} {root}{place} && mount -o remount,bind,ro {root}{place}"
        for place in BASE
        if Path(place).is_dir()
    ]
    steps += [f"mount --bind /dev {root}/dev", f"mount -t proc proc {root}/proc"]
    steps += [
        f"mkdir -p {root}{python}",
        f"mount --bind {python} {root}{python}",
        f"mount -o remount,bind,ro {root}{python}",
    ]
    if writable is not None:
        steps += [f"mount --bind {root} {root}", f"mount -o remount,bind,ro {root}"]
        steps = [*steps[:2], *steps[-2:], *steps[2:-2]]  # first the root, then what is mounted on it
        for place, source in writable.items():
            steps.append(
                f"mount --bind {source} {root}{place}" if source else f"mount -t tmpfs -o size=64m tmpfs {root}{place}"
            )
    path = f"{python}/bin:/usr/local/bin:/usr/bin:/bin"
    values = {"PATH": path, **stage.env, **env}
    values["PATH"] = values["PATH"].replace("/usr/local/bin", f"{python}/bin:/usr/local/bin", 1)
    user, _, group = stage.user.partition(":")
    settings = [f"{key}={value}" for key, value in values.items()]
    drop = ["--reuid", user, "--regid", group, "--clear-groups", "--no-new-privs", "--bounding-set", "-all"]
    inner = ["/usr/bin/env", "-i", "-C", stage.workdir, *settings, *arguments]
    enter = ["chroot", str(root), "setpriv", *(drop if user != "0" else ["--clear-groups"]), *inner]
    steps.append(f"exec {shlex.join(enter)}")
    return ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", "\n".join(steps)]


def _index_settings() -> dict[str, str]:
    """Where this machine gets packages from; /etc/pip.conf is there as it is."""
    known = ("PIP_", "HTTP", "http", "SSL_", "no_", "NO_", "npm_config_")
    npm = shutil.which("npm") or "npm"
    asked = subprocess.run([npm, "config", "get", "registry"], capture_output=True, text=True, check=True, timeout=60)
    settings = {name: value for name, value in os.environ.items() if name.startswith(known)}
    return {**settings, "npm_config_registry": asked.stdout.strip()}


def _check_machine() -> None:
    if os.geteuid() != 0:
        raise ImageMissing("mount namespaces need root")
    for program in ("unshare", "setpriv", "chroot", "npm"):
        if shutil.which(program) is None:
            raise ImageMissing(f"{program} is not installed")
    if subprocess.run(["/usr/bin/unshare", "--mount", "/bin/true"], check=False, capture_output=True).returncode:
        raise ImageMissing("this machine lets nobody make mount namespaces")
