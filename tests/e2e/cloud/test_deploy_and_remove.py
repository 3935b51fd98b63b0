"""`make deploy` and `make remove` as people run them, against an emulated AWS: what stays, and that it is taken up again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from scripts.installing import ROOT, ToolMissing, serverless
from tests.servers.emulated_cloud import STAGE, EmulatedCloud, running_cloud
from tests.servers.ministack_process import MinistackMissing

pytestmark = pytest.mark.alone
DATUM = {"PK": {"S": "u#ann"}, "SK": {"S": "root"}}
TABLE = f"smartalarm-{STAGE}"


@pytest.fixture(scope="module")
def cloud() -> Iterator[EmulatedCloud]:
    """An emulator with nothing deployed, and artefacts for this machine."""
    try:
        serverless()
        with running_cloud(enforces_iam=True) as running:
            yield running
    except (MinistackMissing, ToolMissing) as missing:
        pytest.skip(str(missing))


def run(cloud: EmulatedCloud, what: str, *more: str) -> str:
    """What the command says on its way."""
    done = subprocess.run(
        [sys.executable, "scripts/deploy.py", what, "--stage", STAGE, *more],
        cwd=ROOT,
        env=cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout == ""
    return done.stderr


def test_a_stage_comes_goes_and_comes_back_with_everybodys_data(cloud: EmulatedCloud, tmp_path: Path) -> None:
    """Deployed, taken down, deployed again; the app's files go, the table and the secret stay."""
    (tmp_path / "index.html").write_text("<p>hello")
    app = ("--app", str(tmp_path))
    said = run(cloud, "deploy", *app)
    assert f"Secrets: smartalarm/{STAGE}: made " in said
    assert "App: 1 of 1 files uploaded" in said
    secret = cloud.secret()
    assert not [value for value in secret.values() if value in said]
    (url,) = [line.split()[-1] for line in said.splitlines() if line.startswith("  HTTP API")]
    with requests.Session() as http:
        http.trust_env = False
        assert http.get(f"{url}/api/v1/health/live", timeout=30).status_code == 200

    cloud.client("dynamodb").put_item(TableName=TABLE, Item=DATUM)
    said = run(cloud, "remove", "--yes")
    assert f"Kept: the table {TABLE}" in said
    assert f"aws dynamodb delete-table --region us-east-1 --table-name {TABLE}" in said
    assert cloud.client("s3").list_buckets()["Buckets"] == []
    assert cloud.client("dynamodb").scan(TableName=TABLE)["Items"] == [DATUM]

    said = run(cloud, "deploy", *app)
    assert f"Secrets: smartalarm/{STAGE}: nothing to make." in said
    assert f"Data: the table {TABLE} is there from before; the stack takes it up." in said
    assert cloud.client("dynamodb").scan(TableName=TABLE)["Items"] == [DATUM]
    assert cloud.secret() == secret


def test_removing_what_is_not_there_is_refused_in_one_line(cloud: EmulatedCloud) -> None:
    """A typing error in the stage's name."""
    command = [sys.executable, "scripts/deploy.py", "remove", "--stage", "nowhere", "--yes"]
    environment = {**os.environ, **cloud.environment()}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "remove: there is no stack smartalarm-nowhere in us-east-1.\n")
