"""What is handed to Google and Oracle, which build their own images: whole sources, each requirement exact and hashed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.artefacts.sources import SourceCloud, build_sources
from smartalarm.catalog import functions_on

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements/layers").glob("*.lock"))
ENTRIES: dict[SourceCloud, tuple[str, str]] = {"gcp": ("main.py", "gcp"), "oci": ("func.py", "oci")}


def pinned(lock: Path) -> dict[str, str]:
    """Each requirement and its text, hashes included."""
    parts = re.split(r"(?m)^(?=[a-z0-9])", lock.read_text())
    return {re.split(r"[=<>\[; ]", part)[0]: part for part in parts if part and not part.startswith("#")}


@pytest.mark.parametrize("cloud", ["gcp", "oci"])
def test_a_functions_folder_is_all_that_it_needs(cloud: SourceCloud, tmp_path: Path) -> None:
    """Its entry finds the handler and the package beside it, and openapi.json inside."""
    name = "show_openapi"
    build_sources(cloud, [name], tmp_path)
    entry, target = ENTRIES[cloud]
    program = (
        f"import {entry[:-3]} as entry, smartalarm.docs as d; print(d.__file__, entry.{target}, len(d.openapi_bytes()) > 9)"
    )
    env = {"PYTHONPATH": str(tmp_path / name), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    place, *_, is_read = done.stdout.split()
    assert (Path(place).parent, is_read) == (tmp_path / name / "smartalarm", "True")
    assert (tmp_path / name / "smartalarm/openapi.json").read_bytes() == (ROOT / "openapi.json").read_bytes()


def test_oracles_folder_says_how_its_image_is_built(tmp_path: Path) -> None:
    """Every function that exists there, as the manifests wrote it."""
    names = [function.name for function in functions_on("oci")]
    build_sources("oci", names, tmp_path, place_package=lambda _: None)
    wanted = {"Dockerfile", "func.py", "func.yaml", "handler.py", "requirements.txt"}
    assert {path.name: {file.name for file in path.iterdir()} for path in tmp_path.iterdir()} == dict.fromkeys(names, wanted)


@pytest.mark.parametrize("cloud", ["gcp", "oci"])
def test_only_what_infers_is_given_the_libraries_and_all_have_the_models(cloud: SourceCloud, tmp_path: Path) -> None:
    """Beside these two packages and what they need, both kinds have the same."""
    build_sources(cloud, ["show_openapi", "analyze_sleep"], tmp_path)
    plain, infers = (pinned(tmp_path / name / "requirements.txt") for name in ("show_openapi", "analyze_sleep"))
    assert {"numpy", "onnxruntime"} <= infers.keys() - plain.keys()
    assert plain.items() <= infers.items()
    models = {path.name for path in (tmp_path / "analyze_sleep/smartalarm/models").iterdir()}
    assert models == {"sleep-live.json", "sleep-live.onnx", "sleep-night.json", "sleep-night.onnx"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_what_is_deployed_is_pinned_by_hash(lock: Path) -> None:
    """Exact versions, hashes for every file, and no address of an index."""
    text = lock.read_text()
    assert all("==" in part and "--hash=sha256:" in part for part in pinned(lock).values())
    assert "://" not in text


def test_no_function_carries_the_tools_that_fdk_names() -> None:
    """Its own requirements drag in a compiler and a test runner."""
    found = pinned(ROOT / "requirements/layers/oci.lock")
    assert "fdk" in found
    assert not {"cython", "pytest", "pytest-asyncio", "wheel", "pbr"} & found.keys()


def test_the_inference_layer_is_what_the_project_says_inference_needs() -> None:
    """The same versions everywhere, too: a model gives the same stages on each host."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "layers/inference/requirements.txt").read_text().splitlines()
    assert sorted(line for line in lines if not line.startswith("#")) == project["optional-dependencies"]["inference"]
    locks = [ROOT / "requirements/layers" / f"{name}.lock" for name in ("inference", "gcp-inference", "oci-inference")]
    versions = [re.findall(r"(?m)^(?:numpy|onnxruntime)==[^\\\n]+", lock.read_text()) for lock in locks]
    assert versions[0] == versions[1] == versions[2]


def test_the_runtime_layer_is_what_the_project_says_functions_need() -> None:
    """Pyproject's dependencies and its extra for AWS; said twice because a layer is no package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "layers/runtime/requirements.txt").read_text().splitlines()
    said = sorted(line for line in lines if not line.startswith("#"))
    assert said == sorted(project["dependencies"] + project["optional-dependencies"]["aws"])
