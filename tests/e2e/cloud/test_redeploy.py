"""The emulated AWS after the other tests: who handed the far alarm over, and what a second deployment keeps."""

import json
import time

import pytest

from tests.e2e.client import Client, rings
from tests.e2e.product.aws import AwsDeployment
from tests.e2e.product.far_alarm import FarAlarm
from tests.servers.emulated_cloud import STAGE, EmulatedCloud

pytestmark = [pytest.mark.alone, pytest.mark.parametrize("deployment", ["aws"], indirect=True, scope="session")]
PATIENCE_SECONDS = 40.0


@pytest.fixture
def cloud(deployment: AwsDeployment, far_alarm: FarAlarm) -> EmulatedCloud:
    """The emulator and the stack, once the far alarm has rung."""
    left = max(0.0, far_alarm.due_at - time.time())
    assert rings(deployment.push, far_alarm.phone, "ring", left + PATIENCE_SECONDS)[0]["at"] >= far_alarm.due_at
    return deployment.cloud


def test_the_far_alarm_was_handed_over_by_the_sweep_that_the_scheduler_called(
    cloud: EmulatedCloud,
) -> None:
    """Whoever saved it left it to EventBridge Scheduler, dispatch_due and the queue."""
    handed = [json.loads(line) for line in cloud.log_lines("dispatch_due") if "timers_handed_over_total" in line]
    assert sum(sum(line["timers_handed_over_total"]) for line in handed) >= 1


def test_a_second_deployment_keeps_sessions_subscriptions_and_alarms(
    deployment: AwsDeployment, cloud: EmulatedCloud
) -> None:
    """With another setting, so that every function is really updated; the alarm rings through the new ones."""
    client = Client(deployment.api_url)
    phone, key = client.subscribe(deployment.push), client.call("GET", "/push/key")
    kept, _ = client.set_alarm(3600, label="Kept")
    functions = cloud.client("lambda")
    cloud.deploy({**deployment.settings, "GRACE_MINUTES": "20", "LOG_LEVEL": "debug"})
    about = functions.get_function_configuration(FunctionName=f"smartalarm-{STAGE}-list_alarms")
    assert about["Environment"]["Variables"]["LOG_LEVEL"] == "debug"
    assert [alarm["next"]["id"] for alarm in client.call("GET", "/alarms")["items"]] == [kept]
    assert client.call("GET", "/push/key") == key
    _, due_at = client.set_alarm(8)
    assert rings(deployment.push, phone, "ring", 20)[0]["at"] >= due_at
