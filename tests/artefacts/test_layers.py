"""What is built for AWS: the same bytes every time, small, complete, with bytecode that is used."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from scripts.artefacts.sizes import over_budget
from scripts.artefacts.slimming import AWS_SERVICES
from smartalarm.catalog import functions_on

ROOT = Path(__file__).parents[2]
LAYERS = ("inference", "runtime", "smartalarm")
BUILD_SECONDS = 300
AWS_FUNCTIONS = sorted(declaration.name for declaration in functions_on("aws"))

pytestmark = pytest.mark.alone


def build(into: Path, cache: Path, *options: str, env: Mapping[str, str] = MappingProxyType({})) -> str:
    """What scripts/build.py prints. Wheels come from the project's own cache, finished layers do not."""
    cache.mkdir(exist_ok=True)
    wheels = ROOT / ".cache/build/wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    if not (cache / "wheels").exists():
        (cache / "wheels").symlink_to(wheels)
    command = [sys.executable, str(ROOT / "scripts/build.py"), "--into", str(into), "--cache", str(cache), *options]
    seen = {**os.environ, **env}
    done = subprocess.run(
        command, env=seen, cwd=into.parent, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build for this machine, nothing of it kept from another."""
    home = tmp_path_factory.mktemp("build")
    build(home / "first", home / "cache", "--here")
    return home / "first"


@pytest.fixture(scope="module")
def opened(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a function sees on Lambda: /opt and /var/task."""
    root = tmp_path_factory.mktemp("lambda")
    for layer in LAYERS:
        with zipfile.ZipFile(built / "layers" / f"{layer}.zip") as archive:
            archive.extractall(root / "opt")
    for function in (built / "functions").glob("*.zip"):
        with zipfile.ZipFile(function) as archive:
            archive.extractall(root / "tasks" / function.stem)
    return root


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with its bytes."""
    return ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def run_in(opened: Path, function: str, program: str) -> str:
    """What a program prints with the function and its layers on the path, and nothing else of this environment."""
    path = [str(opened / "tasks" / function), str(opened / "opt/python")]
    stdlib = "sys.path = [place for place in sys.path if 'site-packages' not in place and 'layers/domain' not in place]"
    prelude = f"import sys; {stdlib}; sys.path[:0] = {path!r}; sys.dont_write_bytecode = True\n"
    command = [sys.executable, "-I", "-c", prelude + program]
    env = {"PATH": os.defpath, "HOME": str(opened)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_builds_have_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """In another folder, with another cache, hash seed and time zone."""
    build(tmp_path / "second", tmp_path / "cache", "--here", env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"})
    assert dict(files(tmp_path / "second")) == dict(files(built))


def test_every_function_of_the_cloud_is_there_with_its_handler_alone(built: Path) -> None:
    """One archive each, holding handler.py, its bytecode, and which layers it was built with: SAM looks at nothing else."""
    tag = f"cpython-{sys.version_info.major}{sys.version_info.minor}"
    found = {path.stem: path for path in (built / "functions").glob("*.zip")}
    assert set(AWS_FUNCTIONS) <= set(found)
    for name in AWS_FUNCTIONS:
        with zipfile.ZipFile(found[name]) as archive:
            assert sorted(archive.namelist()) == [f"__pycache__/handler.{tag}.pyc", "handler.py", "layers.sha256"]
            lines = archive.read("layers.sha256").decode().splitlines()
        digests = {name: digest for digest, name in map(str.split, lines)}
        for layer in LAYERS:
            assert digests[f"{layer}.zip"] == sha256((built / "layers" / f"{layer}.zip").read_bytes()).hexdigest()


def test_every_function_loads_from_its_archive_and_the_layers(opened: Path) -> None:
    """With everything below `hosts/aws` that it reaches, in an interpreter that has nothing else installed."""
    program = f"""
import importlib.util
import smartalarm.hosts.aws, smartalarm.hosts.aws_queue, smartalarm.hosts.aws_socket
for name in {AWS_FUNCTIONS!r}:
    spec = importlib.util.spec_from_file_location(name, {str(opened / "tasks")!r} + "/" + name + "/handler.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    print(module.aws.__name__)
"""
    assert run_in(opened, "create_alarm", program).split() == ["aws"] * len(AWS_FUNCTIONS)


def test_everything_the_adapters_need_is_in_the_layers(opened: Path) -> None:
    """Also what is imported at its first use: clients for each service, encryption, passwords, tokens, zones, documents."""
    program = f"""
import argon2, http_ece, jwt, pywebpush, requests, serverless_wsgi, uuid_utils
from aws_lambda_powertools import Logger, Metrics
from smartalarm.adapters import dynamo, passwords, poster, queue_sqs, sockets_apigateway, telemetry_aws, tokens, webpush
from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.alarms.zones import ZONE_NAMES
from smartalarm.docs import documented_routes
for service in {sorted(AWS_SERVICES)!r}:
    new_aws_client(service, "eu-central-1", None, connect_seconds=1, read_seconds=1, attempts=1)
passwords.Argon2Passwords().hash("a password")
telemetry = telemetry_aws.AwsTelemetry("error")
print(len(ZONE_NAMES) > 300, len(documented_routes()) > 30)
"""
    assert run_in(opened, "create_alarm", program) == "True True\n"


def test_a_function_that_infers_has_all_that_it_takes_in_its_layers(opened: Path) -> None:
    """Models, cards, numpy and onnxruntime; and none of the last two is loaded before a model is asked."""
    program = """
from smartalarm.sleep.analysis import SleepAnalysis
from smartalarm.wiring import cloud_injector
from smartalarm.settings import Settings
analysis = cloud_injector(Settings()).get(SleepAnalysis)
before = {"numpy", "onnxruntime"} & set(sys.modules)
told = [analysis.of_signal([0.0, 40.0] * 240, None, mode, "wrist") for mode in ("night", "live")]
print(before, [(len(each.epochs), each.epochs[99].stage is not None, each.model) for each in told])
"""
    printed = run_in(opened, "analyze_sleep", program)
    assert printed == "set() [(480, True, 'sleep-night'), (480, True, 'sleep-live')]\n"


def test_bytecode_is_used_without_a_look_at_its_source(opened: Path) -> None:
    """Unchecked hash: the sources' dates, which a zip file does not keep, play no part."""
    folders = [opened / "opt/python" / name for name in ("botocore", "pydantic", "smartalarm")]
    compiled = [path.read_bytes()[4:8] for folder in folders for path in folder.rglob("*.pyc")]
    assert set(compiled) == {b"\x01\x00\x00\x00"}
    shutil.copytree(opened / "tasks/create_alarm", opened / "tasks/changed")
    (opened / "tasks/changed/handler.py").write_text("raise RuntimeError('the source was read')\n")
    assert run_in(opened, "changed", "import handler; print(handler.create_alarm.__name__)") == "create_alarm\n"


def test_the_clients_an_adapter_opens_are_the_services_that_are_kept() -> None:
    """A new one has to be named in scripts/artefacts/slimming.py, or it fails on its first use in the cloud alone."""
    package = ROOT / "layers/domain/python/smartalarm"
    text = "\n".join(path.read_text() for path in package.rglob("*.py"))
    opened = set(re.findall(r"new_aws_client\(\s*\"([a-z]+)\"", text)) | set(re.findall(r"service = \"([a-z]+)\"", text))
    opened |= set(re.findall(r"\.client\(\"([a-z]+)\"", text))
    assert {"dynamodb", "sqs", "apigatewaymanagementapi"} <= opened <= AWS_SERVICES


def test_the_default_target_is_lambdas_newest_arm_and_keeps_its_budgets(tmp_path: Path) -> None:
    """Native code of another architecture than this machine's, bytecode of its Python version."""
    printed = build(tmp_path / "aws", ROOT / ".cache/build")
    about = json.loads((tmp_path / "aws/build.json").read_text())
    with zipfile.ZipFile(tmp_path / "aws/layers/runtime.zip") as archive:
        names = archive.namelist()
        native = archive.read(next(name for name in names if "_pydantic_core.cpython-313" in name and name.endswith(".so")))
    assert (about["python"], about["architecture"]) == ("3.13", "arm64")
    assert int.from_bytes(native[18:20], "little") == 183  # EM_AARCH64
    assert about["has_bytecode"] is any(name.endswith("cpython-313.pyc") for name in names)
    assert over_budget(about["sizes"]) == []
    assert "budget" in printed


def test_a_size_over_its_budget_fails_the_build() -> None:
    """In one line that names both."""
    sizes = {
        "functions/a.zip": {"zipped": 1, "unzipped": 1_000},
        "layers/inference.zip": {"zipped": 1, "unzipped": 100_000_000},
        "layers/runtime.zip": {"zipped": 1, "unzipped": 45_000_000},
        "layers/smartalarm.zip": {"zipped": 1, "unzipped": 1_000_000},
    }
    assert over_budget(sizes) == ["an API function with its layers takes 46.0 MB unzipped; its budget is 45 MB."]
