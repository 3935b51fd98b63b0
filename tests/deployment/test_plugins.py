"""The deployment tool's plugins: what makes a canary of a function, and when artefacts are built anew."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "infra" / "aws" / "plugins"
FUNCTION = "RingUnderscoredueLambdaFunction"
ARN = {"Fn::GetAtt": [FUNCTION, "Arn"]}
LIVE = {"Ref": f"{FUNCTION}Aliaslive"}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")


def run(script: str, *values: Any) -> Any:
    """What a piece of JavaScript prints as JSON; `given` holds the values."""
    code = f"const given = {json.dumps(values)};\n{script}"
    done = subprocess.run(["node", "-e", code], cwd=PLUGINS, capture_output=True, text=True, check=False, timeout=30)  # noqa: S607  PATH's
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def template() -> dict[str, Any]:
    """One function as the deployment tool makes it, with all that may call it, and one more that is no canary."""
    return {
        "Resources": {
            FUNCTION: {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
            "Other": {"Type": "AWS::Lambda::Function", "Properties": {}},
            "Version9": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": FUNCTION}}},
            "Queue": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": ARN}},
            "Route": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {"IntegrationUri": ARN}},
            "Allowed": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": FUNCTION}}},
            "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": {"Target": {"Arn": ARN}}},
            "Starter": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"Resource": ARN}]}},
            "Retries": {
                "Type": "AWS::Lambda::EventInvokeConfig",
                "DependsOn": "Role",
                "Properties": {"FunctionName": {"Ref": FUNCTION}, "Qualifier": "$LATEST"},
            },
            "RingErrors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Dimensions": [{"Value": {"Ref": FUNCTION}}]}},
        }
    }


def with_canary(made: dict[str, Any], alarms: list[str]) -> dict[str, Any]:
    """The template's resources once ring_due is a canary."""
    script = """
        const { addCanaries } = require('./canary.js');
        addCanaries(given[0], { ring_due: { alarms: given[1] } }, (name) => `RingUnderscoredueLambdaFunction`);
        console.log(JSON.stringify(given[0].Resources));
    """
    found: dict[str, Any] = run(script, made, alarms)
    return found


def test_everything_that_calls_a_canary_calls_its_alias() -> None:
    """Whoever called the function itself would get the new version at once."""
    made = with_canary(template(), ["RingErrors"])
    assert made["Queue"]["Properties"]["FunctionName"] == LIVE
    assert made["Route"]["Properties"]["IntegrationUri"] == LIVE
    assert made["Allowed"]["Properties"]["FunctionName"] == LIVE
    assert made["Schedule"]["Properties"]["Target"]["Arn"] == LIVE
    assert made["Starter"]["Properties"]["Policies"] == [{"Resource": LIVE}]
    assert made["Retries"]["Properties"]["Qualifier"] == "live"
    assert made["Retries"]["DependsOn"] == ["Role", LIVE["Ref"]]
    assert made["RingErrors"] == template()["Resources"]["RingErrors"]


def test_a_tenth_of_the_calls_goes_first_and_comes_back_by_alarm() -> None:
    """Tried by the smoke function before any call, watched for five minutes."""
    made = with_canary(template(), ["RingErrors"])
    alias, group = made[LIVE["Ref"]], made[f"{FUNCTION}DeploymentGroup"]["Properties"]
    assert alias["Properties"]["FunctionVersion"] == {"Fn::GetAtt": ["Version9", "Version"]}
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert update["BeforeAllowTrafficHook"] == {"Ref": "SmokeFunction"}
    assert update["DeploymentGroupName"] == {"Ref": f"{FUNCTION}DeploymentGroup"}
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert group["AlarmConfiguration"] == {"Enabled": True, "Alarms": [{"Name": {"Ref": "RingErrors"}}]}
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    assert {"CanaryApplication", "CanaryRole"} <= made.keys()


@pytest.mark.parametrize("alarms", [[], ["NoSuchAlarm"]])
def test_a_canary_that_nothing_watches_is_refused(alarms: list[str]) -> None:
    """It would never come back."""
    with pytest.raises(AssertionError, match="canary: ring_due has no alarm"):
        with_canary(template(), alarms)


def test_a_function_without_versions_is_refused() -> None:
    """There would be nothing to move to."""
    made = template()
    del made["Resources"]["Version9"]
    with pytest.raises(AssertionError, match="declare it with versionFunction: true"):
        with_canary(made, ["RingErrors"])


def test_artefacts_are_built_when_they_are_missing_old_or_for_another_target(tmp_path: Path) -> None:
    """And not when nothing changed: a deployment should not wait for nothing."""

    def reason() -> str | None:
        script = """
            const { reasonToBuild } = require('./artefacts.js');
            console.log(JSON.stringify(reasonToBuild(given[0], { python: '3.13', architecture: 'arm64' })));
        """
        found: str | None = run(script, str(tmp_path))
        return found

    source = tmp_path / "functions" / "ring_due" / "handler.py"
    source.parent.mkdir(parents=True)
    source.write_text("x")
    assert reason() == "they are missing"
    about = tmp_path / "dist" / "aws" / "build.json"
    about.parent.mkdir(parents=True)
    about.write_text(json.dumps({"python": "3.12", "architecture": "arm64"}))
    assert reason() == "they are for another target"
    about.write_text(json.dumps({"python": "3.13", "architecture": "arm64"}))
    os.utime(source, (1_000, 1_000))
    assert reason() is None
    os.utime(source, (9_000_000_000, 9_000_000_000))
    assert reason() == "functions is newer"


def test_a_program_that_fails_is_reported_in_one_line() -> None:
    """Its own last words, where they were kept."""
    script = """
        const { run } = require('./artefacts.js');
        const said = (call) => { try { return call(); } catch (error) { return error.message; } };
        console.log(JSON.stringify([
          said(() => run('.', 'sh', ['-c', 'echo first >&2; echo secrets: no credentials >&2; exit 1'], true)),
          said(() => run('.', 'no-such-program', [])),
          said(() => run('.', 'sh', ['-c', 'echo abc'], true)),
        ]));
    """
    assert run(script) == [
        "secrets: no credentials",
        "no-such-program cannot be run (ENOENT); make and Python >= 3.11 are needed.",
        "abc",
    ]
