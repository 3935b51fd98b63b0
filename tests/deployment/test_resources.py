"""infra/aws/resources.yml: the table is the adapter's own, data outlives the stack, the app's routes, headers and alarms."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.manifest.cloudformation import read
from smartalarm.adapters.dynamo import table_definition

ROOT = Path(__file__).parents[2]
TEMPLATE = read(ROOT / "infra" / "aws" / "resources.yml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
FREE_ALARMS = 10


def of_type(kind: str) -> dict[str, Any]:
    """All resources of a type."""
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


def test_the_table_is_what_the_adapter_expects() -> None:
    """Key by key; only the name is the stage's."""
    properties = RESOURCES["Table"]["Properties"]
    assert properties == {**table_definition("any"), "TableName": {"Fn::Sub": "smartalarm-${Stage}"}}


@pytest.mark.parametrize("name", ["Table", "SiteBucket"])
def test_data_outlives_the_stack(name: str) -> None:
    """And nothing that a first deployment could not finish stands in the way of the second."""
    resource = RESOURCES[name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_a_message_is_hidden_for_six_times_the_consumers_time_out() -> None:
    """Amazon's own advice; and it is parked after five failures."""
    queue = RESOURCES["RingQueue"]["Properties"]
    assert queue["VisibilityTimeout"] == 6 * 30
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert all(made["Properties"]["SqsManagedSseEnabled"] for made in of_type("AWS::SQS::Queue").values())


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/", "/index.html"),
        ("/alarms/0198c2f2/edit", "/index.html"),
        ("/assets/index-B3xKq9_a.js", "/assets/index-B3xKq9_a.js"),
        ("/assets/missing.js", "/assets/missing.js"),
        ("/sw.js", "/sw.js"),
        ("/v1.2/alarms", "/index.html"),
        ("/.well-known/apple-app-site-association", "/.well-known/apple-app-site-association"),
    ],
)
def test_an_address_of_the_app_is_its_page_and_a_file_is_a_file(asked: str, given: str) -> None:
    """The function that runs at the edge, run here."""
    code = RESOURCES["SiteRoutes"]["Properties"]["FunctionCode"]
    script = f"{code}\nconsole.log(handler({{request: {{uri: {json.dumps(asked)}}}}}).uri)"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=30)  # noqa: S607  PATH's
    assert done.stdout.strip() == given


def test_the_apis_own_errors_stay_the_apis() -> None:
    """A custom error page of the distribution would turn an API's 404 into index.html; nothing of the API is kept."""
    config = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]
    assert "CustomErrorResponses" not in config
    (api,) = config["CacheBehaviors"]
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled
    assert "FunctionAssociations" not in api
    assert set(api["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


def test_the_content_policy_allows_nothing_inline_and_names_the_socket_api() -> None:
    """Everything from ourselves alone; sockets to one address."""
    headers = RESOURCES["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    text = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    policy = {words.split()[0]: words.split()[1:] for words in text.split(";") if words.strip()}
    assert "unsafe" not in text
    assert "*" not in text
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == ["'self'"]
    sockets = "wss://${WebsocketsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    assert policy["connect-src"] == ["'self'", sockets]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == ["'none'"]


def test_every_answer_carries_the_security_headers() -> None:
    """The app's and the API's; the API's documentation keeps its own content policy."""
    config = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]
    for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"}
    headers = RESOURCES["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    assert set(headers["SecurityHeadersConfig"]) == {
        "ContentSecurityPolicy",
        "ContentTypeOptions",
        "FrameOptions",
        "ReferrerPolicy",
        "StrictTransportSecurity",
        "XSSProtection",
    }
    assert {item["Header"] for item in headers["CustomHeadersConfig"]["Items"]} >= {"Permissions-Policy"}


def test_alarms_that_are_on_by_default_are_free() -> None:
    """Ten a month cost nothing; the others wait for ExtraAlarms."""
    alarms = of_type("AWS::CloudWatch::Alarm")
    free = [name for name, alarm in alarms.items() if "Condition" not in alarm]
    extra = [alarm["Condition"] for alarm in alarms.values() if "Condition" in alarm]
    assert len(free) <= FREE_ALARMS
    assert extra == ["HasExtraAlarms"] * 4
    assert TEMPLATE["Parameters"]["ExtraAlarms"]["Default"] == "no"


def test_no_secret_is_in_the_template() -> None:
    """Only CloudFront's header is resolved from the secret; CloudFormation never keeps such a value in what it shows."""
    text = (ROOT / "infra" / "aws" / "resources.yml").read_text()
    assert text.count("{{resolve:") == 1
    assert not of_type("AWS::SecretsManager::Secret")


def test_a_new_header_changes_the_distributions_text() -> None:
    """Or CloudFormation would not read the secret anew."""
    comment = RESOURCES["Distribution"]["Properties"]["DistributionConfig"]["Comment"]
    assert "OriginSecretSha256" in json.dumps(comment)
