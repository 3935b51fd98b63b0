"""The smoke function: it calls the very version that is new, and says no to whatever does not answer as it should."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT
from smartalarm.ports import Timer
from smartalarm.ringing.messages import body_to_timers, timers_to_body
from smartalarm.wiring import use
from tests.deployment.test_resources import RESOURCES
from tests.fakes import memory_world
from tests.hosts.clients import AwsClient

CODE: dict[str, Any] = {}
exec(RESOURCES["SmokeFunction"]["Properties"]["Code"]["ZipFile"], CODE)  # noqa: S102  as Lambda will
HOOK = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "hook-1"}


class CodeDeploy:
    """Knows one deployment, and what was said about it."""

    def __init__(self, function: str) -> None:
        self.function = function
        self.said: list[dict[str, str]] = []

    def list_deployment_targets(self, *, deploymentId: str) -> Any:  # noqa: N803  boto3's names, here and below
        """One function."""
        assert deploymentId == "d-1"
        return {"targetIds": [self.function]}

    def batch_get_deployment_targets(self, *, deploymentId: str, targetIds: list[str]) -> Any:  # noqa: N803
        """Its new version is 8."""
        assert (deploymentId, targetIds) == ("d-1", [self.function])
        info = {"functionName": self.function, "functionAlias": "live", "currentVersion": "7", "targetVersion": "8"}
        return {"deploymentTargets": [{"lambdaTarget": {"lambdaFunctionInfo": info}}]}

    def put_lifecycle_event_hook_execution_status(self, **said: str) -> None:
        """Remember."""
        self.said.append(said)


class Functions:
    """Lambda's `invoke`, with one answer or by really running the function."""

    def __init__(self, answer: Any = None, error: str | None = None) -> None:
        self.answer, self.error = answer, error
        self.called: list[tuple[str, str]] = []

    def invoke(self, *, FunctionName: str, Qualifier: str, Payload: bytes) -> Any:  # noqa: N803
        """One call."""
        self.called.append((FunctionName, Qualifier))
        answer = self.answer
        if answer is ...:
            answer = AwsClient().invoke(FUNCTIONS_ROOT / FunctionName.rpartition("-")[2], json.loads(Payload))
        result: dict[str, Any] = {"Payload": io.BytesIO(json.dumps(answer).encode())}
        return {**result, "FunctionError": self.error} if self.error else result


def verdict(function: str, functions: Functions) -> str:
    """What CodeDeploy hears."""
    codedeploy = CodeDeploy(f"smartalarm-dev-{function}")
    CODE["handler"](HOOK, None, [codedeploy, functions])
    (said,) = codedeploy.said
    assert (said["deploymentId"], said["lifecycleEventHookExecutionId"]) == ("d-1", "hook-1")
    return said["status"]


@pytest.mark.parametrize("function", ["create_alarm", "ring_due", "dispatch_due"])
def test_a_version_that_works_is_let_through(function: str) -> None:
    """The real functions answer the smoke function's events as it expects, and nothing is changed by them."""
    use(memory_world(vapid_private_key=SecretStr(generate_vapid_keys()[1])))
    functions = Functions(...)
    try:
        assert verdict(function, functions) == "Succeeded"
    finally:
        use(None)
    assert functions.called == [(f"smartalarm-dev-{function}", "8")]


@pytest.mark.parametrize(
    ("function", "answer", "error"),
    [
        ("create_alarm", {"statusCode": 500}, None),
        ("create_alarm", {"errorMessage": "x"}, "Unhandled"),
        ("ring_due", {"batchItemFailures": [{"itemIdentifier": "smoke"}]}, None),
        ("dispatch_due", {"errorType": "JobFailed"}, "Unhandled"),
        ("unknown_function", None, None),
    ],
)
def test_a_version_that_does_not_is_stopped(function: str, answer: Any, error: str | None) -> None:
    """Before any call of a person reaches it; whatever goes wrong in the trial itself says no, too."""
    assert verdict(function, Functions(answer, error)) == "Failed"


def test_the_timer_of_nobody_is_one_as_we_send_them() -> None:
    """A changed message format would make the trial worthless without a word."""
    (record,) = CODE["BATCH"]["Records"]
    (timer,), attempt = body_to_timers(record["body"])
    assert attempt == 1
    assert timer == Timer(timer.id, timer.user, datetime(1970, 1, 1, tzinfo=UTC), "ring", timer.subject, 1, timer.due_at)
    assert json.loads(record["body"]) == json.loads(timers_to_body([timer]))


def test_its_name_is_one_that_codedeploy_may_call() -> None:
    """AWSCodeDeployRoleForLambdaLimited invokes CodeDeployHook_* and nothing else; and it has room in a template."""
    properties = RESOURCES["SmokeFunction"]["Properties"]
    assert properties["FunctionName"]["Fn::Sub"].startswith("CodeDeployHook_")
    assert len(properties["Code"]["ZipFile"]) <= 4096
