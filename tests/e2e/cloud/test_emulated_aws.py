"""What AWS adds to the product, on an emulated one with IAM enforced: rights, queues, the front door, settings."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.e2e.client import Client, rings
from tests.e2e.product.aws import AwsDeployment
from tests.servers.emulated_cloud import STAGE, EmulatedCloud

pytestmark = [
    pytest.mark.alone,
    pytest.mark.parametrize("deployment", ["aws"], indirect=True, scope="session"),
    pytest.mark.usefixtures("far_alarm"),
]
PATIENCE_SECONDS = 40.0
PROBLEM = {"type", "title", "status", "detail", "code"}


@pytest.fixture
def cloud(deployment: AwsDeployment) -> EmulatedCloud:
    """The emulator and the stack."""
    return deployment.cloud


def eventually(what: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """What it gives as soon as that is true, or at the end of our patience."""
    deadline = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.25)
    return found


def get(url: str) -> requests.Response:
    """One call that no proxy of this machine sees."""
    with requests.Session() as http:
        http.trust_env = False
        return http.get(url, timeout=30)


@contextmanager
def changed(cloud: EmulatedCloud, function: str, **variables: str) -> Iterator[None]:
    """A function whose environment differs for a while."""
    functions, name = cloud.client("lambda"), f"smartalarm-{STAGE}-{function}"
    kept = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**kept, **variables}})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": kept})


# --------------------------------------------------------------------------------------------------------------- rights


@pytest.mark.parametrize(
    ("function", "service", "operation", "is_allowed"),
    [
        ("get_alarm", "dynamodb", "get_item", True),
        ("get_alarm", "dynamodb", "put_item", False),  # it only reads
        ("get_alarm", "sqs", "send_message", False),
        ("dispatch_due", "sqs", "send_message", True),
        ("dispatch_due", "secretsmanager", "get_secret_value", False),  # it signs nothing
        ("ring_due", "secretsmanager", "get_secret_value", True),
        ("check_live", "dynamodb", "get_item", False),
    ],
)
def test_a_function_may_do_what_its_ports_need_and_nothing_else(
    cloud: EmulatedCloud,
    function: str,
    service: str,
    operation: str,
    is_allowed: bool,  # noqa: FBT001  a row of the table
) -> None:
    """Asked with the function's own role: what it lacks is denied."""
    role = cloud.client("iam").get_role(RoleName=cloud.role_of(function))["Role"]
    credentials = cloud.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="asked")["Credentials"]
    key = {"PK": {"S": "nobody"}, "SK": {"S": "nothing"}}
    asked: dict[str, dict[str, Any]] = {
        "get_item": {"TableName": f"smartalarm-{STAGE}", "Key": key},
        "put_item": {"TableName": f"smartalarm-{STAGE}", "Item": key},
        "send_message": {"QueueUrl": cloud.physical_id("RingQueue"), "MessageBody": json.dumps({"timers": []})},
        "get_secret_value": {"SecretId": f"smartalarm/{STAGE}"},
    }
    call = getattr(cloud.client(service, credentials), operation)
    if is_allowed:
        call(**asked[operation])
        return
    with pytest.raises(ClientError, match="AccessDenied"):
        call(**asked[operation])


def test_a_function_whose_right_was_taken_away_says_so_in_its_log_and_nothing_to_the_caller(
    deployment: AwsDeployment, cloud: EmulatedCloud
) -> None:
    """The product's own problem outside, one clear line inside; given back, it works again."""
    client, iam = Client(deployment.api_url), cloud.client("iam")
    denied = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}]}
    role = cloud.role_of("list_alarms")
    iam.put_role_policy(RoleName=role, PolicyName="taken-away", PolicyDocument=json.dumps(denied))
    try:
        problem = client.call("GET", "/alarms", status=503)
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="taken-away")
    assert set(problem) == PROBLEM
    assert role not in json.dumps(problem)
    (line,) = [json.loads(line) for line in cloud.log_lines("list_alarms") if "AccessDenied" in line]
    assert (line["level"], role in line["reason"], "not authorized to perform: dynamodb:" in line["reason"]) == (
        "ERROR",
        True,
        True,
    )
    assert client.call("GET", "/alarms")["items"] == []


# ------------------------------------------------------------------------------------------------------------- settings


def test_a_malformed_setting_is_named_in_one_line_of_the_log(deployment: AwsDeployment, cloud: EmulatedCloud) -> None:
    """And the caller gets the product's own problem."""
    with changed(cloud, "check_live", GRACE_MINUTES="soon"):
        answer = get(f"{deployment.api_url}/api/v1/health/live")
    assert (answer.status_code, set(answer.json())) == (500, PROBLEM)
    assert any("GRACE_MINUTES: " in line for line in cloud.log_lines("check_live"))


def test_a_missing_secret_is_named_in_one_line_of_the_log(deployment: AwsDeployment, cloud: EmulatedCloud) -> None:
    """It says what creates it."""
    with changed(cloud, "get_push_key", KEYVAULT_SECRET=f"smartalarm/{STAGE}-other"):
        answer = get(f"{deployment.api_url}/api/v1/push/key")
    assert (answer.status_code, set(answer.json())) == (500, PROBLEM)
    assert any("KEYVAULT_SECRET: " in line for line in cloud.log_lines("get_push_key"))


def test_the_gateway_answers_nobody_who_goes_around_the_front_door(cloud: EmulatedCloud) -> None:
    """Only what came through CloudFront carries its header."""
    refused = get(f"{cloud.api_url}/api/v1/push/key")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_front_door")


def test_the_app_is_served_from_the_apis_own_origin_with_the_headers_that_keep_it_safe(
    deployment: AwsDeployment, cloud: EmulatedCloud
) -> None:
    """Each of its addresses leads to its one page, a missing file does not, and the API keeps its own answers."""
    page = b"<!doctype html><title>Smart Alarm</title>"
    cloud.client("s3").put_object(
        Bucket=cloud.physical_id("SiteBucket"), Key="index.html", Body=page, ContentType="text/html"
    )
    for address in ("/", "/alarms/1"):
        shown = get(f"{deployment.api_url}{address}")
        assert (shown.status_code, shown.content) == (200, page)
    assert {name: shown.headers[name] for name in ("x-frame-options", "x-content-type-options", "referrer-policy")} == {
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }
    policy = shown.headers["content-security-policy"]
    assert f"connect-src 'self' {cloud.sockets_url.partition('/_aws')[0]};" in policy
    assert "unsafe-inline" not in policy
    assert get(f"{deployment.api_url}/missing.js").status_code in {403, 404}
    lost = get(f"{deployment.api_url}/api/v1/alarms/1/nowhere")
    assert (lost.status_code, lost.headers["content-type"]) == (404, "application/problem+json")
    assert "default-src 'none'" in get(f"{deployment.api_url}/api/v1/docs").headers["content-security-policy"]


# --------------------------------------------------------------------------------------------------------------- queues


def test_a_message_that_nobody_can_read_ends_among_the_dead_letters_and_holds_up_no_other(
    deployment: AwsDeployment, cloud: EmulatedCloud
) -> None:
    """Here it is visible again at once instead of after three minutes, five times."""
    queue, dead = cloud.physical_id("RingQueue"), cloud.physical_id("RingDeadLetters")
    sqs = cloud.client("sqs")
    kept = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    try:
        sqs.send_message(QueueUrl=queue, MessageBody="poison")
        parked = eventually(lambda: sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1).get("Messages"))
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=kept)
    assert [message["Body"] for message in parked or ()] == ["poison"]
    lines = [json.loads(line) for line in cloud.log_lines("ring_due") if "message_unreadable" in line]
    assert {line["level"] for line in lines} == {"ERROR"}
    client = Client(deployment.api_url)
    phone = client.subscribe(deployment.push)
    _, due_at = client.set_alarm(8)
    assert rings(deployment.push, phone, "ring", 20)[0]["at"] >= due_at
