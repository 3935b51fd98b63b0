"""template.yaml deploys, too: translated as SAM does, to an emulated AWS with IAM enforced; the product answers there."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.deployment.secret import ensure_secret
from scripts.installing import ROOT, ToolMissing
from scripts.manifest.cloudformation import Json, read
from scripts.manifest.expanded import translated
from tests.e2e.client import Client
from tests.servers.emulated_cloud import STACK, STAGE, THIS_MACHINE, EmulatedCloud, running_cloud
from tests.servers.ministack_process import MinistackMissing

pytestmark = pytest.mark.alone
BUCKET = "artefacts"
DEPLOY_SECONDS = 120
# What the emulator has not is left out as it is for serverless.yml, by the same plugin.
ADAPT = """
const { adapt } = require(process.argv[1]);
const template = JSON.parse(require('fs').readFileSync(0, 'utf8'));
adapt(template, process.argv[2], process.argv[3], 'sam');
console.log(JSON.stringify(template));
"""


@pytest.fixture(scope="module")
def cloud() -> Iterator[EmulatedCloud]:
    """An emulator with the stack that `sam deploy` would make."""
    try:
        with running_cloud(enforces_iam=True) as cloud:
            digest = ensure_secret(cloud.client("secretsmanager"), STAGE).origin_sha256
            put_artefacts(cloud, ROOT / "dist/aws-emulated")
            create_stack(cloud, adapted(cloud, translated(for_this_machine(cloud, digest), f"s3://{BUCKET}")))
            cloud.open_site()
            yield cloud
    except (MinistackMissing, ToolMissing) as error:
        pytest.skip(str(error))


def for_this_machine(cloud: EmulatedCloud, origin_sha256: str) -> Json:
    """template.yaml with the emulator's own interpreter and architecture, and the parameters of this deployment."""
    text = json.dumps(read(ROOT / "template.yaml")).replace("python3.13", f"python{THIS_MACHINE.python}")
    template: Json = json.loads(text.replace('"arm64"', f'"{THIS_MACHINE.architecture}"'))
    template["Parameters"]["SiteUrl"]["Default"] = cloud.site_url
    template["Parameters"]["OriginSecretSha256"]["Default"] = origin_sha256
    return template


def put_artefacts(cloud: EmulatedCloud, built: Path) -> None:
    """Where `sam deploy` would put them."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for path in built.rglob("*.zip"):
        s3.upload_file(str(path), BUCKET, f"dist/aws/{path.relative_to(built).as_posix()}")


def adapted(cloud: EmulatedCloud, template: Json) -> Json:
    """Without what the emulator has not."""
    plugin = str(ROOT / "infra/aws/plugins/loopback.js")
    command = ["node", "-e", ADAPT, plugin, cloud.endpoint, cloud.site_url]
    done = subprocess.run(command, input=json.dumps(template), capture_output=True, text=True, timeout=60, check=True)
    made: Json = json.loads(done.stdout)
    return made


def create_stack(cloud: EmulatedCloud, template: Json) -> None:
    """And wait until it stands; what failed is the assertion's text."""
    stacks, name = cloud.client("cloudformation"), "template.json"
    cloud.client("s3").put_object(Bucket=BUCKET, Key=name, Body=json.dumps(template).encode())
    stacks.create_stack(StackName=STACK, TemplateURL=f"{cloud.endpoint}/{BUCKET}/{name}", Capabilities=["CAPABILITY_IAM"])
    deadline = time.monotonic() + DEPLOY_SECONDS
    while (status := stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]) == "CREATE_IN_PROGRESS":
        assert time.monotonic() < deadline, "the stack is not made in time"
        time.sleep(0.25)
    events: list[Any] = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
    assert status == "CREATE_COMPLETE", [event for event in events if "FAILED" in event["ResourceStatus"]]


def test_what_sam_deploys_signs_people_up_and_sets_their_alarms(cloud: EmulatedCloud) -> None:
    """Through the front door, to functions with roles of their own; create_alarm by its alias."""
    client = Client(cloud.site_url)
    alarm, _ = client.set_alarm(3600, label="By SAM")
    assert [item["next"]["id"] for item in client.call("GET", "/alarms")["items"]] == [alarm]
    assert client.call("GET", "/openapi.json")["openapi"] == "3.1.0"
    assert client.call("GET", "/nowhere", status=404)["code"] == "not_found"


def test_what_sam_deploys_is_swept_through_the_alias(cloud: EmulatedCloud) -> None:
    """The schedule names it, and it may do what a sweep needs; that a schedule starts is seen with serverless.yml."""
    schedule = cloud.client("scheduler").get_schedule(Name=f"smartalarm-{STAGE}-dispatch_due")
    assert schedule["ScheduleExpression"] == "rate(1 minute)"
    target = schedule["Target"]["Arn"]
    assert target.endswith(f":function:smartalarm-{STAGE}-dispatch_due:live")
    swept = cloud.client("lambda").invoke(FunctionName=target, Payload=b"{}")
    assert (swept["StatusCode"], swept.get("FunctionError")) == (200, None)
    assert [line for line in cloud.log_lines("dispatch_due") if "ERROR" in line] == []
