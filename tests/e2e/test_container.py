"""The image's own steps, carried out, and the product running in it: another user, read-only, without any privilege."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.e2e.client import Client, hear
from tests.servers.child import free_port
from tests.servers.image import Image, ImageMissing, built_image

pytestmark = pytest.mark.alone
TRY_TO_WRITE = (
    "for place in /app /opt/venv /etc /usr /; do touch $place/x && echo $place; done; id -u; grep CapBnd /proc/self/status"
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The Dockerfile, carried out: a clean virtualenv by hashes, the code, its user."""
    try:
        with built_image(tmp_path_factory.mktemp("image")) as built:
            yield built
    except ImageMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The volume, as an orchestrator gives it to the image's user."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, 10001, 10001)
    return folder


def test_nothing_but_data_and_tmp_can_be_written(image: Image, data: Path) -> None:
    """And nothing could be gained: no user but its own, no capability."""
    done = subprocess.run(
        image.command(["/bin/sh", "-c", TRY_TO_WRITE], {}, data), capture_output=True, text=True, check=False, env={}
    )
    assert done.stdout.split() == ["10001", "CapBnd:", "0000000000000000"]
    assert image.settings["VOLUME"] == ["/data"]
    assert image.stage.user == "10001:10001"


def test_the_product_does_its_job_in_the_image_and_keeps_its_data(image: Image, data: Path, tmp_path: Path) -> None:
    """Started twice: it is healthy, an alarm rings on a socket, SIGTERM ends it, and who signed up is known again."""
    port = str(free_port())
    env = {"PORT": port, "API_BASE_URL": f"http://127.0.0.1:{port}"}
    health = image.command(image.settings["HEALTHCHECK"], env, data)
    log = tmp_path / "log"
    assert subprocess.run(health, check=False, capture_output=True, env={}).returncode == 1  # nobody is there
    client: Client | None = None
    for _ in range(2):
        with image.running(env, data, log) as process:
            ends_at = time.monotonic() + 60
            while subprocess.run(health, check=False, capture_output=True, env={}).returncode and time.monotonic() < ends_at:
                assert process.poll() is None, log.read_text()
            client = client or Client(f"http://127.0.0.1:{port}")
            assert client.call("GET", "/me")["email"] == client.email
            documents = requests.get(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=5)
            assert documents.json()["openapi"] == "3.1.0"
            assert '<div id="root">' in requests.get(f"http://127.0.0.1:{port}/", timeout=5).text
            with client.open_socket() as socket:
                occurrence_id, due_at = client.set_alarm(2)
                assert hear(socket, "ring", 5)["occurrence"]["id"] == occurrence_id
                assert 0 <= time.time() - due_at <= 1
                client.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})
            process.terminate()
            assert process.wait(20) == 0
    assert "warning" not in log.read_text()
    assert {path.name for path in data.iterdir()} >= {"secrets.json", "smartalarm.db"}
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_migration_runs_in_the_image(image: Image, data: Path) -> None:
    """The command of the chart's hook."""
    migrate = image.command(["python3", "-m", "smartalarm.hosts.migrate"], {}, data)
    done = subprocess.run(migrate, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stderr) == (0, "")
    assert (data / "smartalarm.db").exists()
